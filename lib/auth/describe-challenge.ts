import { type ChallengePurpose, findChallenge } from "@/db/queries/challenges.ts";
import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { challengeName } from "./open-challenge.ts";
import { maskAddress } from "./send-code.ts";

/** What a code page shows of what waits: where the code went, and how many seconds are left. */
export type WaitingProof = { sentTo: string; expiresIn: number; resendIn: number };

/** The challenge that `secret` names while it still waits for its code, or null. */
export async function describeChallenge(
  app: App,
  { secret, purpose }: { secret: string; purpose: ChallengePurpose },
  now: Date,
): Promise<WaitingProof | null> {
  const challenge = await findChallenge(app.db, challengeName(secret, purpose));
  if (!challenge || challenge.consumedAt || challenge.expiresAt <= now || challenge.triesLeft === 0)
    return null;
  const sentTo = challenge.email ?? (challenge.userId && (await findUser(app.db, challenge.userId))?.email);
  if (!sentTo) return null;
  const secondsTo = (instant: Date) => Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
  return {
    sentTo: maskAddress(sentTo),
    expiresIn: secondsTo(challenge.expiresAt),
    resendIn: secondsTo(secondsAfter(challenge.sentAt, RESEND_AFTER_SECONDS)),
  };
}
