import { type Failure, failure } from "@/lib/contract/errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const FORM = "application/x-www-form-urlencoded";

export type MediaType = "json" | "form" | "multipart";

/** What a body claims to be, as far as we read it; text in UTF-8 only. */
export function acceptedMediaType(contentType: string): MediaType | null {
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
  if (type === "multipart/form-data") return "multipart";
  return type === FORM ? "form" : null;
}

/** The value that a body spells. A fault of a schema is no business of this: it is no caller's fault. */
export async function parseBody(
  bytes: Uint8Array,
  mediaType: MediaType,
  contentType: string,
): Promise<{ kind: "parsed"; value: unknown } | Failure> {
  try {
    if (mediaType === "multipart") return { kind: "parsed", value: await parseMultipart(bytes, contentType) };
    const text = utf8.decode(bytes);
    return {
      kind: "parsed",
      value: mediaType === "json" ? parseJson(text) : parseForm(new URLSearchParams(text)),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return failure("parse_error", `JSON parse error - ${parseErrorSentence(error)}`);
  }
}

/** V8 quotes the text around the fault, which may hold a password: only its first words are told. */
function parseErrorSentence(error: SyntaxError | TypeError): string {
  if (error instanceof TypeError) return "The body is not valid UTF-8.";
  return error instanceof UnreadableForm ? error.message : "The body is not valid JSON.";
}

class UnreadableForm extends SyntaxError {}

/** Strict JSON in which no object has a key twice. Valid text has as many keys written as its value has. */
function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const written = text.match(/"(?:[^"\\]+|\\.)*"\s*:?/g) ?? [];
  const keysWritten = written.filter((token) => token.endsWith(":")).length;
  if (keysWritten !== countKeys(value)) throw new UnreadableForm("A key stands twice in an object.");
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

function parseForm(form: Iterable<[string, unknown]>): unknown {
  const fields = [...form];
  if (new Set(fields.map(([name]) => name)).size !== fields.length)
    throw new UnreadableForm("A field stands twice in the form.");
  return Object.fromEntries(fields);
}

/** A file in a form is no text, and its field says so. */
async function parseMultipart(bytes: Uint8Array, contentType: string): Promise<unknown> {
  utf8.decode(bytes);
  const body = new Response(bytes as BodyInit, { headers: { "content-type": contentType } });
  const form = await body.formData().catch(() => {
    throw new UnreadableForm("The body is not a valid form.");
  });
  return parseForm(form);
}
