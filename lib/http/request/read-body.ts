import { z } from "zod";
import {
  type Failure,
  failure,
  fieldSentences,
  type InvalidFields,
  invalidFields,
} from "@/lib/contract/errors.ts";
import { acceptedMediaType, parseBody } from "./parse-body.ts";

/** What a handler needs of a request: any Web `Request` has it, and so has the API lane's light one. */
export type EdgeRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  /** As a stream, or whole where somebody has read it already. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | null;
};

const Fields: z.ZodType<Record<string, string | undefined>> = z.record(z.string(), z.string());
const MAX_BODY_BYTES = 64 * 1024;

export type ReadBody<Input> = { kind: "read"; input: Input } | Failure | InvalidFields;

/**
 * Reads and parses a request's body: JSON, or a form of either kind where `form` allows it.
 *
 * 1. another content type on a body → 415
 * 2. more than 64 KiB → 413, without reading on
 * 3. not UTF-8, not JSON, no form, or a key that stands twice → parse_error: two parsers could read it differently
 * 4. fields that don't fit `schema` → DRF's sentences
 * 5. else → the input; no body counts as an empty object
 */
export async function readBody<Input>(
  request: EdgeRequest,
  schema: z.ZodType<Input>,
  { form }: { form: boolean },
): Promise<ReadBody<Input>> {
  const bytes = await readBytes(request);
  if (bytes === null) return failure("payload_too_large");
  if (bytes.length === 0) return validate({}, schema);
  const contentType = request.headers.get("content-type") ?? "";
  const mediaType = acceptedMediaType(contentType);
  if (mediaType === null || (mediaType !== "json" && !form))
    return failure("unsupported_media_type", `Unsupported media type "${contentType}" in request.`);
  const parsed = await parseBody(bytes, mediaType, contentType);
  return parsed.kind === "parsed" ? validate(parsed.value, schema) : parsed;
}

/**
 * The fields of a form that is no multipart, as OAuth sends it; each once, and what is empty counts as left out
 * (RFC 6749 §3.2). Another content type is refused.
 */
export async function readForm(
  request: EdgeRequest,
): Promise<{ kind: "read"; input: Record<string, string | undefined> } | Failure> {
  const refused = refuseAllButForm(request);
  if (refused) return refused;
  const body = await readBody(request, Fields, { form: true });
  if (body.kind !== "read") return body.kind === "invalid-fields" ? failure("parse_error") : body;
  const said = Object.entries(body.input).filter(([, value]) => value !== "");
  return { kind: "read", input: Object.fromEntries(said) };
}

/** Such a form as it came, with what stands twice, to be handed on. */
export async function readFormText(request: EdgeRequest): Promise<{ kind: "read"; text: string } | Failure> {
  const refused = refuseAllButForm(request);
  if (refused) return refused;
  const bytes = await readBytes(request);
  return bytes === null
    ? failure("payload_too_large")
    : { kind: "read", text: Buffer.from(bytes).toString("utf8") };
}

function refuseAllButForm({ headers }: EdgeRequest): Failure | null {
  const contentType = headers.get("content-type") ?? "";
  return contentType === "" || acceptedMediaType(contentType) === "form"
    ? null
    : failure("unsupported_media_type", `Unsupported media type "${contentType}" in request.`);
}

/** The whole body; null for one that is too large. */
async function readBytes({ body, headers }: EdgeRequest): Promise<Uint8Array | null> {
  if (Number(headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return null;
  const bytes = body instanceof Uint8Array ? body : await readStream(body);
  return bytes.length > MAX_BODY_BYTES ? null : bytes;
}

/** The whole body, or as much of it as shows that it is too large. */
async function readStream(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function validate<Input>(value: unknown, schema: z.ZodType<Input>): ReadBody<Input> {
  if (value === null) return invalidFields({ non_field_errors: ["No data provided"] });
  if (typeof value !== "object" || Array.isArray(value)) {
    const found = Array.isArray(value) ? "list" : typeof value;
    return invalidFields({ non_field_errors: [`Invalid data. Expected a dictionary, but got ${found}.`] });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: "read", input: parsed.data };
  return invalidFields(fieldSentences(parsed.error.issues));
}
