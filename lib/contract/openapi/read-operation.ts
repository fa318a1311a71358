import { type ErrorCode, errors } from "../errors.ts";
import { type Call, curl } from "./curl.ts";
import { everywhere, type ResponseObject } from "./describe-errors.ts";
import type { OpenApiDocument } from "./document.ts";
import { type ReadField, readFields, readType } from "./read-fields.ts";

type ReadAnswer = {
  status: string;
  says: string;
  fields: ReadField[];
  example?: string;
  /** The shape of the whole answer, where that has a place of its own. */
  shape?: string;
  /** The shape of the answer by cookie delivery. */
  byCookie?: string;
};
export type ReadError = { status: string; code: string; detail: string };

/** One call, put together for a page. */
export type ReadOperation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  description?: string | undefined;
  /** Who may make it, as a sentence. */
  auth: string;
  form: boolean;
  parameters: ReadField[];
  body: ReadField[];
  answers: ReadAnswer[];
  errors: ReadError[];
  curl: string;
};

const WHOLE = ["Error", "Challenge", "AwaitedCode", "LoggedIn", "LoggedInByCookie"];
/** What any call with a body may answer is told once. */
const COMMON: readonly ErrorCode[] = ["parse_error", ...everywhere];

/** The operations of one tag, in order. */
export function readOperations(document: OpenApiDocument, tag: string): ReadOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) =>
        readOperation(document, { path, method: method.toUpperCase(), operation }),
      ),
  );
}

/** The errors that are the same everywhere. */
export function readCommonErrors(): ReadError[] {
  return COMMON.map(readError);
}

/** The shapes that have a place of their own, each with its fields. */
export function readShapes(document: OpenApiDocument): { name: string; fields: ReadField[] }[] {
  return shapeNames(document).map((name) => ({
    name,
    fields: readFields(document, document.components.schemas[name] ?? {}),
  }));
}

/** Those that fields hold, and those of whole bodies that many calls have. */
function shapeNames({ components: { schemas } }: OpenApiDocument): string[] {
  const held = JSON.stringify(Object.values(schemas));
  return Object.keys(schemas).filter(
    (name) => WHOLE.includes(name) || held.includes(`"#/components/schemas/${name}"`),
  );
}

function readOperation(document: OpenApiDocument, { path, method, operation }: Call): ReadOperation {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation;
  const json = requestBody?.content["application/json"];
  return {
    id: operationId,
    method,
    path,
    summary,
    description,
    auth: readAuth(security, operation.tags.includes("Admin")),
    form: Boolean(requestBody?.content["application/x-www-form-urlencoded"]),
    parameters: parameters.map(({ name, required, description: about, schema }) => ({
      name,
      required,
      description: about,
      ...readType(schema),
    })),
    body: json?.schema ? readFields(document, json.schema) : [],
    answers: Object.entries(responses).flatMap(([status, response]) =>
      readAnswer(document, status, response),
    ),
    errors: Object.entries(responses).flatMap(([status, response]) => readErrors(status, response)),
    curl: curl(document, { path, method, operation }),
  };
}

function readAuth(security: object[], admin: boolean): string {
  if (security.length === 0) return "Anybody may call it.";
  if (security.some((scheme) => "metrics" in scheme)) return "Needs `METRICS_TOKEN` as Bearer token.";
  return admin ? "Needs an admin's log-in." : "Needs a log-in.";
}

function readAnswer(
  document: OpenApiDocument,
  status: string,
  response: ResponseObject | { $ref: string },
): ReadAnswer[] {
  if ("$ref" in response || status >= "4") return [];
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  const first = Object.values(media?.examples ?? {})[0];
  const example = media?.example ?? (first && "value" in first ? first.value : undefined);
  const text = type === "application/json" ? JSON.stringify(example, null, 2) : example;
  const { shape } = readType(media?.schema?.anyOf?.[0] ?? media?.schema ?? {});
  const elsewhere = shape !== undefined && shapeNames(document).includes(shape);
  return [
    {
      status,
      says: response.description,
      fields: media?.schema && !elsewhere ? readFields(document, media.schema) : [],
      ...(elsewhere && { shape }),
      ...(typeof text === "string" && { example: text.trimEnd() }),
      ...(media?.schema?.anyOf?.[1] && { byCookie: readType(media.schema.anyOf[1]).type }),
    },
  ];
}

function readErrors(status: string, response: ResponseObject | { $ref: string }): ReadError[] {
  if ("$ref" in response || status < "4") return [];
  const codes = Object.keys(response.content?.["application/json"]?.examples ?? {});
  return codes
    .filter(isErrorCode)
    .filter((code) => !COMMON.includes(code))
    .map(readError);
}

function readError(code: ErrorCode): ReadError {
  return { ...errors[code], status: String(errors[code].status), code };
}

function isErrorCode(code: string): code is ErrorCode {
  return code in errors;
}
