import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { clientNetwork, rateLimit } from "@/lib/rate-limit.ts";
import { ADDRESS_MAILS, CLIENT_MAILS } from "./lifetimes.ts";

/**
 * The failure of a call by which anybody can have mail sent to an address they name: registration and a forgotten
 * password share one budget. It counts alike whether or not the address has an account (contract §2).
 *
 * @param email as `parseEmailAddress` gave it
 */
export async function limitMails(
  app: App,
  { email, device }: { email: string; device: Device },
  now: Date,
): Promise<Failure | null> {
  const network = { purpose: "mail asked from", subject: clientNetwork(device.ip) };
  const address = { purpose: "mail asked to", subject: email.toLowerCase() };
  return (
    (await rateLimit(app, app.db, network, CLIENT_MAILS, now)) ??
    (await rateLimit(app, app.db, address, ADDRESS_MAILS, now))
  );
}
