import type { ClientCredentials } from "@/lib/auth/applications/authenticate-client.ts";

/**
 * Who a client says to be (RFC 6749 §2.3.1).
 *
 * 1. an `Authorization` of Basic → `client_secret_basic`; a secret in the body too is one way too many
 * 2. `client_id` in the body → `client_secret_post`, or `none` where no secret comes along
 * 3. neither → null
 */
export function readClientCredentials(
  authorization: string | null,
  form: Readonly<Record<string, string | undefined>>,
): ClientCredentials | null {
  const basic = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization ?? "");
  if (!basic) {
    if (authorization !== null && /^basic\b/i.test(authorization)) return null;
    return form.client_id === undefined
      ? null
      : { clientId: form.client_id, secret: form.client_secret ?? null };
  }
  const [id, ...rest] = Buffer.from(basic[1] ?? "", "base64")
    .toString("utf8")
    .split(":");
  const clientId = formDecoded(id ?? "");
  const secret = formDecoded(rest.join(":"));
  const another = form.client_secret !== undefined || (form.client_id ?? clientId) !== clientId;
  return clientId === null || secret === null || another ? null : { clientId, secret };
}

/** Both parts are form-encoded before they are joined; null where they are not. */
function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}
