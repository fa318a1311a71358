import { fieldErrorsExample } from "../api/error-bodies.ts";
import { LOGGED_IN_BY_COOKIE } from "../api/examples.ts";
import type { Auth, Operation, Success } from "../api/operation.ts";
import { type ErrorCode, fieldSentences } from "../errors.ts";
import { LoggedInByCookie } from "../tokens.ts";
import { describeErrors, type MediaType, type ResponseObject } from "./describe-errors.ts";
import { describeQuery, type JsonSchema, type Reference } from "./schemas.ts";

type ParameterObject = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
};
export type OperationObject = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, never[]>[];
  parameters?: ParameterObject[];
  requestBody?: { required: boolean; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject | { $ref: string }>;
};

const SECURITY: Record<Auth, Record<string, never[]>[]> = {
  none: [],
  "log-in": [{ bearer: [] }, { cookie: [] }],
  admin: [{ bearer: [] }, { cookie: [] }],
  "metrics-token": [{ metrics: [] }],
};

const DELIVERY: ParameterObject = {
  name: "X-Token-Delivery",
  in: "header",
  required: false,
  description:
    "`cookie`: the tokens become HttpOnly cookies. Granted to our own pages and to origins that `CORS_ORIGINS` names.",
  schema: { type: "string", enum: ["json", "cookie"], default: "json" },
};
const RETRY_KEY: ParameterObject = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Made before the first try, the same for every try with this token: brings the same pair again.",
  schema: { type: "string", minLength: 16, maxLength: 128, pattern: "^[!-~]+$" },
};

/** One call in OpenAPI's words. */
export function describeOperation(
  operation: Operation,
  { schemas, reference }: { schemas: Record<string, JsonSchema>; reference: Reference },
): OperationObject {
  const { id, tag, summary, description, auth, request, form, example, successes, delivery } = operation;
  const parameters = describeParameters(operation);
  const body = request && { schema: reference(request), example: example?.body ?? {} };
  const requestBody = body && {
    required: !request.safeParse({}).success,
    content: { "application/json": body, ...(form && { "application/x-www-form-urlencoded": body }) },
  };
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: SECURITY[auth],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: {
      ...Object.fromEntries(
        successes.map((success, i) => [
          success.status,
          describeSuccess(success, reference, i === 0 && delivery === "tokens"),
        ]),
      ),
      ...describeErrors(errorCodes(operation), request ? fieldErrors(request, schemas, reference) : null),
    },
  };
}

/** Every code that a call may answer: its own, and those of what it takes. */
export function errorCodes({ auth, method, request, delivery, errors = [] }: Operation): ErrorCode[] {
  const loggedIn = auth === "log-in" || auth === "admin";
  const ridesOnCookie = delivery || (loggedIn && method !== "get");
  const codes: ErrorCode[] = [
    ...(request ? (["parse_error"] as const) : []),
    ...(loggedIn ? (["not_authenticated", "bad_authorization_header", "token_not_valid"] as const) : []),
    ...errors,
    ...(auth === "admin" ? (["permission_denied"] as const) : []),
    ...(ridesOnCookie ? (["csrf_failed"] as const) : []),
    ...(request ? (["payload_too_large", "unsupported_media_type"] as const) : []),
    "server_error",
    "unavailable",
  ];
  return [...new Set(codes)];
}

function describeParameters({ path, query, example, delivery, retryKey }: Operation): ParameterObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path" as const,
    required: true,
    schema: { type: "string", format: "uuid" },
  }));
  const { properties = {}, required = [] } = query ? describeQuery(query) : {};
  const asked = example?.query ?? {};
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query" as const,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
    ...(name in asked && { example: schema.type === "integer" ? Number(asked[name]) : asked[name] }),
  }));
  return [...inPath, ...inQuery, ...(delivery ? [DELIVERY] : []), ...(retryKey ? [RETRY_KEY] : [])];
}

function describeSuccess(
  { says, body, text, example, file }: Success,
  reference: Reference,
  delivery: boolean,
): ResponseObject {
  if (text) return { description: says, content: { [text]: { schema: { type: "string" }, example } } };
  if (!body) return { description: says };
  const json = delivery
    ? {
        schema: { anyOf: [reference(body), reference(LoggedInByCookie)] },
        examples: {
          json: { summary: "By json.", value: example },
          cookie: { summary: "By cookie.", value: LOGGED_IN_BY_COOKIE },
        },
      }
    : { schema: reference(body), example };
  const asFile = file && { [file.type]: { schema: { type: "string" }, example: file.example } };
  return { description: says, content: { "application/json": json, ...asFile } };
}

/** What a body is told that fits in nothing. */
function fieldErrors(
  request: NonNullable<Operation["request"]>,
  schemas: Record<string, JsonSchema>,
  reference: Reference,
) {
  const { properties = {} } = schemas[reference(request).$ref.split("/").at(-1) ?? ""] ?? {};
  const refused = request.safeParse(fieldErrorsExample(request, Object.keys(properties)));
  return refused.success ? null : fieldSentences(refused.error.issues);
}
