import { sendCode } from "@/lib/auth/factors/send-code.ts";
import { limitMails } from "@/lib/auth/limits/limit-mails.ts";
import { verifyOwnPassword } from "@/lib/auth/password/verify-own-password.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import type { MailedChallenge } from "@/lib/contract/two-factor.ts";

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
 * 5. the address has an account → the same as 7, after the same work; its owner gets a mail without a code
 * 6. the session has ended by now, or the account is inactive or gone → refused as everywhere; a password that was
 *    changed meanwhile → as 1
 * 7. else → a challenge that only this session can complete
 */
export async function changeEmail(
  call: LoggedInCall,
  { email, password }: { email: string; password: string },
): Promise<{ kind: "sent"; challenge: MailedChallenge } | Failure | InvalidFields> {
  const { app, principal, device } = call;
  const { user, session } = principal;
  const refused = requireRecentLogIn(call);
  if (refused) return refused;
  const address = parseEmailAddress(email);
  if (!address) return NO_ADDRESS;
  if (address.toLowerCase() === user.email.toLowerCase()) return SAME_ADDRESS;
  const stopped =
    (await verifyOwnPassword(call, password)) ??
    (await limitMails(call, app.db, { askedFor: "registration", email: address, device }));
  if (stopped) return stopped;

  const pending = { email: address };
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    if (caller.user.passwordHash !== user.passwordHash) return failure("recent_login_required");
    const request = {
      purpose: "email-change",
      user: caller.user,
      pending,
      sessionId: session.id,
      device,
    } as const;
    return sendCode(transaction, call, request);
  });
}
