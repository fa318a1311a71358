import { createTransport } from "nodemailer";
import { isLoopback } from "@/lib/settings/fields.ts";
import { type Delivery, MAIL_HEADERS, SEND_WITHIN_MS, SILENT_FOR_MS, type Transport } from "./transport.ts";

/**
 * Sends over SMTP. The certificate is checked, and without encryption nothing is sent except to this machine. The
 * Message-ID comes from the row's id: mail that arrives twice after a lost answer is recognised as one by mail programs.
 */
export function smtpTransport(smtpUrl: string, { timeoutMs = SILENT_FOR_MS } = {}): Transport {
  const mailer = createTransport(connection(new URL(smtpUrl), timeoutMs));
  return {
    kind: "smtp",
    async send({ id, to, from, subject, text, html }) {
      const messageId = `<${id}@${from.address.split("@")[1]}>`;
      const signal = AbortSignal.timeout(SEND_WITHIN_MS);
      const recipient = { name: "", address: to };
      try {
        await mailer.sendMail({
          messageId,
          from,
          to: recipient,
          subject,
          text,
          html,
          headers: MAIL_HEADERS,
          signal,
        });
        return { kind: "accepted" };
      } catch (error) {
        return toDelivery(error);
      }
    },
  };
}

function connection({ protocol, hostname, port, username, password }: URL, timeoutMs: number) {
  const secure = protocol === "smtps:";
  const local = isLoopback(hostname);
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: !secure && local,
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Commands whose refusal is about this mail; a refused log-in, sender or handshake is for the operator to mend. */
const ABOUT_MAIL = new Set(["RCPT TO", "DATA"]);

/**
 * What a failed attempt means.
 *
 * 1. recipient or content refused for good (5xx) → refused
 * 2. everything else → later
 */
function toDelivery(cause: unknown): Delivery {
  const { code, command, responseCode, permanent } = cause as NodemailerError;
  const error = `smtp ${responseCode ?? code ?? "failure"}`;
  const refused = permanent === true && ABOUT_MAIL.has(command ?? "");
  return refused ? { kind: "refused", error } : { kind: "retry", error };
}

type NodemailerError = Error & {
  code?: string;
  command?: string;
  responseCode?: number;
  permanent?: boolean;
};
