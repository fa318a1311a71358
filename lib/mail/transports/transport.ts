import type { Sender } from "@/lib/settings/fields.ts";
import type { Rendered } from "../messages.ts";

/** A mail that is on its way. `id` is its row's: the same at every attempt. */
export type OutgoingMail = Rendered & { id: string; to: string; from: Sender };

/**
 * What became of a mail. `error` is a class such as "resend 422": never an address, never a word of what was sent or
 * of what the other side answered, which may quote it.
 */
export type Delivery =
  | { kind: "accepted" }
  | { kind: "retry"; error: string; afterSeconds?: number }
  | { kind: "refused"; error: string };

/** A way for mail to leave. It never throws and answers within `SEND_WITHIN_MS`. */
export type Transport = {
  kind: "mailbox" | "resend" | "smtp";
  send(mail: OutgoingMail): Promise<Delivery>;
};

/** Well within the time a worker's claim on a mail holds, so that no other worker sends it meanwhile. */
export const SEND_WITHIN_MS = 20_000;

/** A silent provider is given up after this. */
export const SILENT_FOR_MS = 10_000;

/** Tells vacation responders not to answer (RFC 3834 §5). */
export const MAIL_HEADERS = { "Auto-Submitted": "auto-generated" };
