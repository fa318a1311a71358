import type { Executor } from "@/db/client.ts";
import { endChallenges } from "@/db/queries/challenges.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import { type Ending, endSessions } from "./end-sessions.ts";

/** What ends, and the session that stays where its own holder ends the others. */
type EndingOfEverything = Ending & { sparingSessionId?: string };

/**
 * Ends every session, pending challenge and trusted device of a person, in the caller's transaction, which has locked
 * them; one statement each, however many there are. Returns how many sessions ended.
 *
 * Links by which a person takes their account back outlive it where somebody else may be doing this. Whoever logs out
 * everywhere, or is logged in and changes the password, may be the one whom a "This wasn't me" link is about. Whoever
 * changed the address first could do all the rest by mail, so nothing ends the link that undoes that.
 */
export async function endEverything(
  transaction: Executor,
  userId: string,
  { sparingSessionId, ...ending }: EndingOfEverything,
  now: Date,
): Promise<number> {
  const others = sparingSessionId === undefined ? {} : { except: sparingSessionId };
  const ended = await endSessions(transaction, { userId, ...others }, ending, now);
  const loggedIn = sparingSessionId !== undefined || ending.reason === "logged_out_everywhere";
  const waysBack = loggedIn ? (["undo-email-change", "not-me"] as const) : (["undo-email-change"] as const);
  await endChallenges(transaction, userId, waysBack, now);
  await deleteTrustedDevices(transaction, userId);
  return ended;
}
