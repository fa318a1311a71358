import type { Executor } from "@/db/client.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { BudgetName } from "./budgets.ts";
import { clientNetwork, rateLimit } from "./rate-limit.ts";

/** What is asked for: a code for a new address, or a reset link. Neither can use up the other's mails. */
type AskedFor = "registration" | "reset";

const TO_ADDRESS = {
  registration: "registration mails to an address",
  reset: "reset mails to an address",
} as const satisfies Record<AskedFor, BudgetName>;

/**
 * The failure of a call by which anybody can have mail sent to an address they name, again too. It counts alike
 * whether or not the address has an account (contract §2).
 *
 * @param email as `parseEmailAddress` gave it
 */
export async function limitMails(
  call: Moment,
  db: Executor,
  { askedFor, email, device }: { askedFor: AskedFor; email: string; device: Device },
): Promise<Failure | null> {
  const client = { limit: "mails asked for by a client", subject: clientNetwork(device.ip) } as const;
  const address = { limit: TO_ADDRESS[askedFor], subject: email.toLowerCase() };
  return (await rateLimit(call, db, client)) ?? (await rateLimit(call, db, address));
}
