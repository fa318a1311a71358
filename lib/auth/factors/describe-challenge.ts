import { type ChallengePurpose, findChallenge } from "@/db/queries/challenges.ts";
import { findUser } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { challengeState } from "@/lib/auth/challenges/challenge-state.ts";
import { maskAddress } from "@/lib/auth/challenges/mask-address.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { RESEND_AFTER_SECONDS } from "@/lib/auth/limits/budgets.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { Method } from "@/lib/contract/two-factor.ts";
import { methodsOf } from "./methods.ts";

/** What a code page shows: by what it can be answered, where a code went, how many seconds are left; or why nothing waits. */
export type WaitingProof =
  | { kind: "waiting"; methods: Method[]; sentTo: string; expiresIn: number; resendIn: number }
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
  { app, now }: Moment,
  { secret, purpose }: { secret: string; purpose: ChallengePurpose },
): Promise<WaitingProof> {
  const challenge = await findChallenge(app.db, challengeKey(secret, purpose));
  if (!challenge) return { kind: "none" };
  const state = challengeState(challenge, now);
  if (state !== "open") return { kind: state === "used" ? "ended" : state };
  const user = challenge.userId ? await findUser(app.db, challenge.userId) : undefined;
  const sentTo = challenge.email ?? user?.email;
  if (!sentTo) return { kind: "ended" };
  const secondsTo = (instant: Date) => Math.max(0, Math.ceil((instant.getTime() - now.getTime()) / 1000));
  return {
    kind: "waiting",
    methods: user && purpose === "log-in" ? methodsOf(app, user) : ["email"],
    sentTo: maskAddress(sentTo),
    expiresIn: secondsTo(challenge.expiresAt),
    resendIn: secondsTo(secondsAfter(challenge.sentAt, RESEND_AFTER_SECONDS)),
  };
}
