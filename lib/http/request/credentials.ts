import { type Failure, failure } from "@/lib/contract/errors.ts";

/** An access token and how it came, or why there is none. */
export type Credentials = { kind: "token"; token: string; from: "header" | "cookie" } | Failure;

/**
 * The access token of a request; the header wins over the cookie. The header is read as
 * SimpleJWT reads it, but for the case of its scheme (RFC 9110 §11.1).
 *
 * 1. no header, or another scheme than ours → the cookie's token, or no credentials were given
 * 2. a header that is not exactly a scheme and a token → bad_authorization_header
 * 3. else → the header's token
 */
export function readCredentials(
  authorization: string | null,
  cookie: string | null,
  schemes: readonly string[],
): Credentials {
  const [scheme = "", token, ...more] = (authorization ?? "").split(/\s+/).filter(Boolean);
  if (!schemes.some((known) => known.toLowerCase() === scheme.toLowerCase())) {
    return cookie === null ? failure("not_authenticated") : { kind: "token", token: cookie, from: "cookie" };
  }
  if (token === undefined || more.length > 0) return failure("bad_authorization_header");
  return { kind: "token", token, from: "header" };
}

/** The token of `Authorization: Bearer …`, whatever scheme people's tokens come with; null where there is none. */
export function bearerToken(authorization: string | null): string | null {
  const credentials = readCredentials(authorization, null, ["Bearer"]);
  return credentials.kind === "token" ? credentials.token : null;
}
