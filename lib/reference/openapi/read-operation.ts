import { type ErrorCode, errors } from "@/lib/contract/errors.ts";
import { type Call, curl } from "./curl.ts";
import { everywhere, type ResponseObject } from "./describe-errors.ts";
import type { OpenApiDocument } from "./document.ts";
import { type ReadField, readField, readFields, readType } from "./read-fields.ts";

type ReadAnswer = {
  status: string;
  says: string;
  fields: ReadField[];
  example?: string;
  /** The shape of the whole answer, where that has a place of its own. */
  shape?: string;
  /** What its headers say, each by its name. */
  headers: ReadField[];
};
export type ReadError = { status: string; code: string; detail: string };

/** One call, put together for a page. */
export type ReadOperation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  form: boolean;
  parameters: ReadField[];
  body: ReadField[];
  answers: ReadAnswer[];
  errors: ReadError[];
  curl: string;
};

const WHOLE = ["ApiError", "Challenge", "AwaitedCode", "LoggedIn"];
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
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const json = requestBody?.content["application/json"];
  return {
    id: operationId,
    method,
    path,
    summary,
    description,
    form: Boolean(requestBody?.content["application/x-www-form-urlencoded"]),
    parameters: parameters.map(readField),
    body: json?.schema ? readFields(document, json.schema) : [],
    answers: Object.entries(responses).flatMap(([status, response]) =>
      readAnswer(document, status, response),
    ),
    errors: Object.entries(responses).flatMap(([status, response]) => readErrors(status, response)),
    curl: curl(document, { path, method, operation }),
  };
}

function readAnswer(
  document: OpenApiDocument,
  status: string,
  response: ResponseObject | { $ref: string },
): ReadAnswer[] {
  if ("$ref" in response || status >= "4") return [];
  const [type, media] = Object.entries(response.content ?? {})[0] ?? [];
  const example = media?.example;
  const text = type === "application/json" ? JSON.stringify(example, null, 2) : example;
  const { shape } = readType(media?.schema ?? {});
  const elsewhere = shape !== undefined && shapeNames(document).includes(shape);
  return [
    {
      status,
      says: response.description,
      headers: Object.entries(response.headers ?? {}).map(([name, header]) => readField({ name, ...header })),
      fields: media?.schema && !elsewhere ? readFields(document, media.schema) : [],
      ...(elsewhere && { shape }),
      ...(typeof text === "string" && { example: text.trimEnd() }),
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
