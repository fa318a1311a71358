import { findChallenge } from "@/db/queries/challenges.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { readTypedCode } from "@/lib/codes.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { createSession } from "./create-session.ts";
import { judgeCode } from "./judge-code.ts";
import type { LoggedIn } from "./log-in.ts";
import { challengeName } from "./open-challenge.ts";
import { trustDevice } from "./trust-device.ts";

export type Answer = { challenge: string; code: string; trustDevice: boolean };

export const NOT_SIX_DIGITS: InvalidFields = invalidFields({
  code: ["Enter the six digits from the e-mail."],
});

/**
 * Completes a log-in with the code from the mail.
 *
 * 1. not six digits, spaces and dashes aside → the field and why; no try is spent
 * 2. a challenge for anything but a log-in, unknown, expired, used or exhausted → `challenge_not_valid`
 * 3. code entry is closed → `throttled`; no try is spent
 * 4. a wrong code → `code_not_valid` with the tries left
 * 5. the right one → a session, made only now; of simultaneous right answers exactly one gets it
 */
export async function answerChallenge(
  app: App,
  answer: Answer,
  device: Device,
  now: Date,
): Promise<LoggedIn | Failure | InvalidFields> {
  const code = readTypedCode(answer.code);
  if (code === null) return NOT_SIX_DIGITS;
  const name = challengeName(answer.challenge, "log-in");
  const found = await findChallenge(app.db, name);
  if (!found?.userId) return failure("challenge_not_valid");

  const { userId } = found;
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    if (!user) return failure("challenge_not_valid");
    const judged = await judgeCode(transaction, app, { name, code, user, device }, now);
    if (judged.kind === "failure") return judged;
    const session = await createSession(transaction, app, { user, amr: ["pwd", "otp"] }, device, now);
    const deviceToken = answer.trustDevice ? await trustDevice(transaction, userId, device, now) : null;
    return { kind: "entered", user, session, deviceToken } as const;
  });
  app.mail.wake();
  if (outcome.kind === "failure") return outcome;
  const tokens = await signTokenPair(app.tokens.keys, outcome.session, app.tokens.policy);
  return { ...outcome, kind: "logged-in", tokens };
}
