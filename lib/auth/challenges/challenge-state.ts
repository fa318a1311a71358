import type { Challenge } from "@/db/queries/challenges.ts";

/**
 * What has become of a challenge. The database decides the same once more where one is taken; this is for saying it.
 *
 * 1. its proof was given, or something else settled it → `used`
 * 2. every try of its code is spent → `exhausted`
 * 3. its time is over → `expired`
 * 4. else → `open`
 */
export function challengeState(
  { consumedAt, expiresAt, triesLeft }: Challenge,
  now: Date,
): "used" | "exhausted" | "expired" | "open" {
  if (consumedAt) return "used";
  if (triesLeft === 0) return "exhausted";
  return expiresAt <= now ? "expired" : "open";
}
