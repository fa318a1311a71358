import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { judgeOwnPassword } from "./judge-own-password.ts";
import { limitMails } from "./limit-mails.ts";
import type { Principal } from "./principal.ts";
import { requireRecentLogIn } from "./require-recent-log-in.ts";
import { sendCode } from "./send-code.ts";

const NO_ADDRESS = invalidFields({ email: ["Enter a valid email address."] });
const SAME_ADDRESS = invalidFields({ email: ["This is your address already."] });

/**
 * Starts a change of address: mails a code to the new one. Until that is proven nothing changes.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. no address, or the one they have → the field and why
 * 3. a wrong password, too many of them, or hashing is busy → as for a step-up
 * 4. too many mails to that address or asked for from this network, or to codes of this person; or code entry is
 *    closed → `throttled`, no mail
 * 5. the address has an account → the same as 6, after the same work; its owner gets a mail without a code
 * 6. else → a challenge that only this session can complete
 */
export async function changeEmail(
  app: App,
  principal: Principal,
  { email, password }: { email: string; password: string },
  device: Device,
  now: Date,
): Promise<{ kind: "sent"; challenge: StartedChallenge } | Failure | InvalidFields> {
  const { user, session } = principal;
  const refused = requireRecentLogIn(principal, now);
  if (refused) return refused;
  const address = parseEmailAddress(email);
  if (!address) return NO_ADDRESS;
  if (address.toLowerCase() === user.email.toLowerCase()) return SAME_ADDRESS;
  const stopped =
    (await judgeOwnPassword(app, principal, password, device, now)) ??
    (await limitMails(app, { email: address, device }, now));
  if (stopped) return stopped;

  const pending = { email: address };
  const outcome = await app.db.transaction(async (transaction) => {
    const locked = await lockUser(transaction, { userId: user.id, passwordHash: user.passwordHash ?? "" });
    if (!locked) return failure("recent_login_required");
    const request = {
      purpose: "email-change",
      user: locked,
      pending,
      sessionId: session.id,
      device,
    } as const;
    return sendCode(transaction, app, request, now);
  });
  app.mail.wake();
  return outcome;
}
