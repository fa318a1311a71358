import type { Executor } from "@/db/client.ts";
import { endChallenges } from "@/db/queries/challenges.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import { type Ending, endSessions } from "./end-sessions.ts";

/**
 * Ends every session, pending challenge and trusted device of a person, in the caller's transaction, which has locked
 * them; one statement each, however many there are. Returns how many sessions ended.
 *
 * Whoever logs out everywhere may be the one whom a "This wasn't me" link is about, so that link outlives it.
 */
export async function endEverything(
  transaction: Executor,
  userId: string,
  ending: Ending,
  now: Date,
): Promise<number> {
  const ended = await endSessions(transaction, { userId }, ending, now);
  await endChallenges(transaction, userId, ending.reason === "logged_out_everywhere" ? ["not-me"] : [], now);
  await deleteTrustedDevices(transaction, userId);
  return ended;
}
