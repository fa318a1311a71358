import { randomUUID } from "@/lib/base/crypto.ts";
import type { MailDeps } from "./mail-deps.ts";
import { renderMessage } from "./messages.ts";
import type { Delivery } from "./transports/transport.ts";

/** Sends a mail that only says that mail works, past the outbox, and returns what the provider answered. */
export async function sendTestMail(mail: MailDeps, to: string): Promise<Delivery> {
  const rendered = await renderMessage({ kind: "test" }, mail);
  return mail.transport.send({ ...rendered, id: randomUUID(), to, from: mail.from });
}
