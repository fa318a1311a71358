import { type Called, call } from "./call.ts";
import { readAnswer } from "./send.ts";

/** A list of the API as a file of another media type. The list itself is called first, which renews the access cookie. */
export async function fetchFile(path: string, mediaType: string): Promise<Called<Blob>> {
  const list = await call<never>("GET", path);
  if (list.kind !== "ok") return list;
  const response = await fetch(path, { headers: { accept: mediaType } }).catch(() => null);
  const file = response?.ok ? await response.blob().catch(() => null) : null;
  return file ? { kind: "ok", body: file } : readAnswer(response?.ok ? null : response);
}
