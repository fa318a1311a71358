import { hmac, secretKey } from "@/lib/base/crypto.ts";
import { claimsOf } from "./people.ts";

export type Json = Record<string, unknown>;

/** Any value as a JWT's segment. */
export function segment(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

/** A token with this header and payload, signed by whoever knows `secret`. */
export function sign(
  secret: string,
  payload: unknown,
  header: unknown = { alg: "HS256", typ: "JWT" },
  hash: "sha256" | "sha384" | "sha512" = "sha256",
): string {
  const signed = `${segment(header)}.${segment(payload)}`;
  return `${signed}.${hmac(secretKey(secret), signed, hash)}`;
}

/** The same token with other claims, signed with the real key: `undefined` takes a claim away. */
export function resign(secret: string, token: string, changes: Json): string {
  return sign(secret, { ...claimsOf(token), ...changes });
}
