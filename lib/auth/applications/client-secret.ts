import type { App } from "@/lib/app/app.ts";
import { hmacBytes, randomToken } from "@/lib/base/crypto.ts";

const SECRET_BYTES = 32;

/** A secret of 256 bits, which no guess finds. */
export function newClientSecret(): string {
  return randomToken(SECRET_BYTES);
}

/** What is kept of an application's secret. */
export function hashClientSecret(app: App, secret: string): Buffer {
  return hmacBytes(app.clientSecretHashing, secret);
}
