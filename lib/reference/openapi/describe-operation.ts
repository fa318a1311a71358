import { type ErrorCode, fieldSentences } from "@/lib/contract/errors.ts";
import { fieldErrorsExample } from "@/lib/reference/operations/error-bodies.ts";
import type { Auth, Operation, Success } from "@/lib/reference/operations/operation.ts";
import { describeErrors, type FieldErrors, type MediaType, type ResponseObject } from "./describe-errors.ts";
import { describeParameters, type ParameterObject } from "./describe-parameters.ts";
import type { JsonSchema, Reference } from "./schemas.ts";

export type OperationObject = {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  security: Record<string, never[]>[];
  parameters?: ParameterObject[];
  requestBody?: { required: boolean; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject | { $ref: string }>;
};

const SECURITY: Record<Auth, Record<string, never[]>[]> = {
  none: [],
  "log-in": [{ bearer: [] }, { cookie: [] }],
  admin: [{ bearer: [] }, { cookie: [] }],
  application: [{ application: [] }],
  "metrics-token": [{ metrics: [] }],
};

const CALLERS: Record<Auth, string> = {
  none: "Anybody may call it.",
  "log-in": "Needs a log-in.",
  admin: "Needs an admin's log-in.",
  application: "Needs the Basic credentials of a confidential application.",
  "metrics-token": "Needs `METRICS_TOKEN` as Bearer token.",
};

/** A generated client hands out what a caller without cookies gets, so the other answer stands in no schema. */
const BY_COOKIE = {
  "Set-Cookie": {
    schema: { type: "string" },
    description:
      "With `X-Token-Delivery: cookie`: the tokens, out of reach for scripts. The body then holds no token but " +
      "`user` and `session`, with its `id` and when it ends, `expires_at`.",
  },
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
    description: [description, CALLERS[auth]].filter(Boolean).join(" "),
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
    "headers_too_large",
    "server_error",
    "unavailable",
  ];
  return [...new Set(codes)];
}

function describeSuccess(
  { says, body, text, example, file }: Success,
  reference: Reference,
  delivery: boolean,
): ResponseObject {
  if (text) return { description: says, content: { [text]: { schema: { type: "string" }, example } } };
  if (!body) return { description: says };
  const asFile = file && { [file.type]: { schema: { type: "string" }, example: file.example } };
  return {
    description: says,
    ...(delivery && { headers: BY_COOKIE }),
    content: { "application/json": { schema: reference(body), example }, ...asFile },
  };
}

/** What a body is told that fits in nothing. */
function fieldErrors(
  request: NonNullable<Operation["request"]>,
  schemas: Record<string, JsonSchema>,
  reference: Reference,
): FieldErrors | null {
  const { properties = {} } = schemas[reference(request).$ref.split("/").at(-1) ?? ""] ?? {};
  const names = Object.keys(properties);
  const refused = request.safeParse(fieldErrorsExample(request, names));
  return refused.success ? null : { names, example: fieldSentences(refused.error.issues) };
}
