import { type ErrorResponse, Resend } from "resend";
import type { Sender } from "@/lib/settings/fields.ts";
import { type Delivery, MAIL_HEADERS, SILENT_FOR_MS, type Transport } from "./transport.ts";

type Account = { apiKey: string; baseUrl?: string | undefined; timeoutMs?: number };

/**
 * Sends through Resend. The row's id is the idempotency key, so a mail that is sent again after a lost answer is not
 * doubled, for as long as Resend remembers keys (24 hours).
 */
export function resendTransport({ apiKey, baseUrl, timeoutMs = SILENT_FOR_MS }: Account): Transport {
  const resend = new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl });
  return {
    kind: "resend",
    async send({ id, to, from, subject, text, html }) {
      const signal = AbortSignal.timeout(timeoutMs);
      const { error, headers } = await resend.emails.send(
        { to, from: mailboxText(from), subject, text, html, headers: MAIL_HEADERS },
        { idempotencyKey: id, signal },
      );
      if (!error) return { kind: "accepted" };
      if (error.statusCode === null) {
        return { kind: "retry", error: signal.aborted ? "resend timeout" : "resend unreachable" };
      }
      return toDelivery(error, headers ?? {});
    },
  };
}

/**
 * What an answer other than success means.
 *
 * 1. busy or broken there (5xx, 408, 429), or another attempt of this mail is under way → later
 * 2. our key or domain is not accepted (401, 403) → later: that is for the operator to mend, and no fault of this mail
 * 3. any other 4xx → this mail is refused for good
 */
function toDelivery({ statusCode, name }: ErrorResponse, headers: Record<string, string>): Delivery {
  const status = Number(statusCode);
  const error = `resend ${Number.isInteger(status) ? status : "answer"}`;
  const refused = status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
  if (refused && name !== "concurrent_idempotent_requests") return { kind: "refused", error };
  const afterSeconds = Number(headers["retry-after"] ?? Number.NaN);
  return afterSeconds > 0 ? { kind: "retry", error, afterSeconds } : { kind: "retry", error };
}

/** `"Name" <address>`, quoted so that a comma or colon in the name stays one (RFC 5322 §3.4). */
function mailboxText({ name, address }: Sender): string {
  return name === "" ? address : `"${name}" <${address}>`;
}
