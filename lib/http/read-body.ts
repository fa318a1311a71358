import type { z } from "zod";
import {
  type Failure,
  failure,
  fieldSentences,
  type InvalidFields,
  invalidFields,
} from "@/lib/contract/errors.ts";

/** What a handler needs of a request: any Web `Request` has it, and so has the API lane's light one. */
export type EdgeRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  /** As a stream, or whole where somebody has read it already. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | null;
};

const MAX_BODY_BYTES = 64 * 1024;
const NOTHING = new Uint8Array();
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const FORM = "application/x-www-form-urlencoded";

export type ReadBody<Input> = { kind: "read"; input: Input } | Failure | InvalidFields;

/**
 * Reads and parses a request's body: JSON, or a form where `form` allows it.
 *
 * 1. another content type on a body → 415
 * 2. more than 64 KiB → 413, without reading on
 * 3. not UTF-8, not JSON, or a key that stands twice → parse_error: two parsers could read it differently
 * 4. fields that don't fit `schema` → DRF's sentences
 * 5. else → the input; no body counts as an empty object
 */
export async function readBody<Input>(
  request: EdgeRequest,
  schema: z.ZodType<Input>,
  { form }: { form: boolean },
): Promise<ReadBody<Input>> {
  const bytes = await readBytes(request);
  if (bytes === "too-large") return failure("payload_too_large");
  if (bytes.length === 0) return validate({}, schema);
  const contentType = request.headers.get("content-type") ?? "";
  const mediaType = acceptedMediaType(contentType);
  if (mediaType === "json") return parseText(bytes, parseJson, schema);
  if (mediaType === "form" && form) return parseText(bytes, parseForm, schema);
  return failure("unsupported_media_type", `Unsupported media type "${contentType}" in request.`);
}

async function readBytes(request: EdgeRequest): Promise<Uint8Array | "too-large"> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return "too-large";
  if (!request.body) return NOTHING;
  if (request.body instanceof Uint8Array) {
    return request.body.length > MAX_BODY_BYTES ? "too-large" : request.body;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return "too-large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function acceptedMediaType(contentType: string): "json" | "form" | null {
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice(8)
    .replaceAll('"', "");
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8") return null;
  if (type === "application/json") return "json";
  return type === FORM ? "form" : null;
}

function parseText<Input>(bytes: Uint8Array, parse: (text: string) => unknown, schema: z.ZodType<Input>) {
  try {
    return validate(parse(utf8.decode(bytes)), schema);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return failure("parse_error", `JSON parse error - ${parseErrorSentence(error)}`);
  }
}

/** V8 quotes the text around the fault, which may hold a password: only its first words are told. */
function parseErrorSentence(error: SyntaxError | TypeError): string {
  if (error instanceof TypeError) return "The body is not valid UTF-8.";
  return error instanceof DuplicateKey ? error.message : "The body is not valid JSON.";
}

class DuplicateKey extends SyntaxError {}

/** Strict JSON in which no object has a key twice. Valid text has as many keys written as its value has. */
function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const written = text.match(/"(?:[^"\\]+|\\.)*"\s*:?/g) ?? [];
  const keysWritten = written.filter((token) => token.endsWith(":")).length;
  if (keysWritten !== countKeys(value)) throw new DuplicateKey("A key stands twice in an object.");
  return value;
}

function countKeys(root: unknown): number {
  const waiting = [root];
  let count = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    const members: unknown[] = Object.values(value);
    if (!Array.isArray(value)) count += members.length;
    waiting.push(...members);
  }
  return count;
}

function parseForm(text: string): unknown {
  const form = new URLSearchParams(text);
  if (new Set(form.keys()).size !== form.size) throw new DuplicateKey("A field stands twice in the form.");
  return Object.fromEntries(form);
}

function validate<Input>(value: unknown, schema: z.ZodType<Input>): ReadBody<Input> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const found = Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
    return invalidFields({ non_field_errors: [`Invalid data. Expected a dictionary, but got ${found}.`] });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: "read", input: parsed.data };
  return invalidFields(fieldSentences(parsed.error.issues));
}
