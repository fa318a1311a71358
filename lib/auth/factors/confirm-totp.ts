import { recordAuthentication } from "@/db/queries/sessions.ts";
import { confirmTotpSecret, findTotpSecret } from "@/db/queries/totp-secrets.ts";
import { rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { readTypedCode } from "@/lib/contract/typed-code.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { makeFirstRecoveryCodes } from "./recovery-codes.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";
import { settleFactors } from "./settle-factors.ts";
import { matchTotpStep, TOTP_AMR } from "./totp.ts";

const NOT_RIGHT = invalidFields({
  code: ["That is not the code that the app shows now. Check the time of your phone, and try the next one."],
});
const NOT_SIX_DIGITS = invalidFields({ code: ["Enter the six digits that your app shows."] });

export type ConfirmedTotp = {
  kind: "confirmed";
  twoFactor: PublicUser["two_factor"];
  recoveryCodes: string[] | null;
};

/**
 * Takes an authenticator app into use by its first code.
 *
 * 1. as for starting one → `recent_login_required`
 * 2. not six digits → the field and why
 * 3. ten codes in ten minutes → `throttled`
 * 4. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 5. no app waits for its first code, or it is not that code → the field and why
 * 6. right → the app counts from now on, that code is used up, and this session has proven it. The first strong factor
 *    brings recovery codes. Of simultaneous calls one gets there
 */
export async function confirmTotp(
  call: LoggedInCall,
  typed: string,
): Promise<ConfirmedTotp | Failure | InvalidFields> {
  const { app, principal, now } = call;
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  const code = readTypedCode(typed);
  if (code === null) return NOT_SIX_DIGITS;
  const guesses = { limit: "first codes of an authenticator app", subject: principal.user.id } as const;
  const tooMany = await rateLimit(call, app.db, guesses);
  if (tooMany) return tooMany;
  return app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    const waiting = await findTotpSecret(transaction, user.id, "waiting");
    const step = waiting && matchTotpStep(app, waiting, code, now);
    if (!waiting || !step) return NOT_RIGHT;
    await confirmTotpSecret(transaction, waiting, step, now);
    await recordAuthentication(transaction, session.id, { amr: TOTP_AMR, at: now }, now);
    const recoveryCodes = await makeFirstRecoveryCodes(transaction, call, user);
    const event = { type: "two_factor.changed", sessionId: session.id, data: { totp: true } } as const;
    const counted = await settleFactors(transaction, call, { user, event, told: "totp-on" });
    return { kind: "confirmed", twoFactor: toPublicUser(counted).two_factor, recoveryCodes } as const;
  });
}
