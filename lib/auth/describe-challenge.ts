import { findChallenge } from "@/db/queries/challenges.ts";
import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { challengeName } from "./open-challenge.ts";
import { maskAddress } from "./send-code.ts";

/** What the code page shows of a log-in that waits: where the code went, and how many seconds are left. */
export type WaitingLogIn = { sentTo: string; expiresIn: number; resendIn: number };

/** The log-in that `secret` names while it still waits for its code, or null. */
export async function describeChallenge(app: App, secret: string, now: Date): Promise<WaitingLogIn | null> {
  const challenge = await findChallenge(app.db, challengeName(secret, "log-in"));
  if (!challenge?.userId || challenge.consumedAt || challenge.expiresAt <= now || challenge.triesLeft === 0)
    return null;
  const user = await findUser(app.db, challenge.userId);
  if (!user) return null;
  const secondsTo = (instant: Date) => Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
  return {
    sentTo: maskAddress(user.email),
    expiresIn: secondsTo(challenge.expiresAt),
    resendIn: secondsTo(secondsAfter(challenge.sentAt, RESEND_AFTER_SECONDS)),
  };
}
