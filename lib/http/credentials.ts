import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * The access token of an `Authorization` header, as SimpleJWT reads it.
 *
 * 1. no header, or another scheme than ours → no credentials were given
 * 2. not exactly a scheme and a token → bad_authorization_header
 * 3. else → the token
 */
export function readBearer(
  authorization: string | null,
  schemes: readonly string[],
): { kind: "token"; token: string } | Failure {
  const [scheme = "", token, ...more] = (authorization ?? "").split(/\s+/).filter(Boolean);
  if (!schemes.includes(scheme)) return failure("not_authenticated");
  if (token === undefined || more.length > 0) return failure("bad_authorization_header");
  return { kind: "token", token };
}
