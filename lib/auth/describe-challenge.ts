import { type ChallengePurpose, findChallenge } from "@/db/queries/challenges.ts";
import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { challengeName } from "./open-challenge.ts";
import { maskAddress } from "./send-code.ts";

/** What a code page shows: where the code went, and how many seconds are left; or why nothing waits any more. */
export type WaitingProof =
  | { kind: "waiting"; sentTo: string; expiresIn: number; resendIn: number }
  | { kind: "none" | "ended" | "exhausted" | "expired" };

/**
 * What has become of the challenge that `secret` names, for whoever holds it.
 *
 * 1. unknown, or of another purpose → `none`
 * 2. used, or ended by what happened since → `ended`
 * 3. every try spent → `exhausted`
 * 4. too old → `expired`
 * 5. else → `waiting`
 */
export async function describeChallenge(
  app: App,
  { secret, purpose }: { secret: string; purpose: ChallengePurpose },
  now: Date,
): Promise<WaitingProof> {
  const challenge = await findChallenge(app.db, challengeName(secret, purpose));
  if (!challenge) return { kind: "none" };
  if (challenge.consumedAt) return { kind: "ended" };
  if (challenge.triesLeft === 0) return { kind: "exhausted" };
  if (challenge.expiresAt <= now) return { kind: "expired" };
  const sentTo = challenge.email ?? (challenge.userId && (await findUser(app.db, challenge.userId))?.email);
  if (!sentTo) return { kind: "ended" };
  const secondsTo = (instant: Date) => Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
  return {
    kind: "waiting",
    sentTo: maskAddress(sentTo),
    expiresIn: secondsTo(challenge.expiresAt),
    resendIn: secondsTo(secondsAfter(challenge.sentAt, RESEND_AFTER_SECONDS)),
  };
}
