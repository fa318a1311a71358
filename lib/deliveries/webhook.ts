import { epochSeconds } from "@/lib/base/clock.ts";
import { hmacBytes, secretBytes } from "@/lib/base/crypto.ts";
import type { Post } from "./post-out.ts";
import { WEBHOOK_SECRET_PREFIX } from "./webhook-secret.ts";

/**
 * A message in the Standard Webhooks format, with one signature for each secret. The id and the bytes are the same at
 * each try, the time is that of the try.
 *
 * @param secrets `whsec_…`, the present one first
 */
export function writeWebhook(id: string, body: string, secrets: readonly string[], now: Date): Post {
  const timestamp = String(epochSeconds(now));
  const signatures = secrets.map((secret) => {
    const key = secretBytes(Buffer.from(secret.slice(WEBHOOK_SECRET_PREFIX.length), "base64"));
    return `v1,${hmacBytes(key, `${id}.${timestamp}.${body}`).toString("base64")}`;
  });
  return {
    type: "application/json",
    headers: {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signatures.join(" "),
    },
    body,
  };
}
