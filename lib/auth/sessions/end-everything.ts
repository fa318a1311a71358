import type { Executor } from "@/db/client.ts";
import { type ChallengePurpose, endChallenges, endInvitationsBy } from "@/db/queries/challenges.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Ending, endSessions } from "./end-sessions.ts";

/** What ends, and the session that stays where its own holder ends the others. */
type EndingOfEverything = Ending & { sparingSessionId?: string };

/**
 * Ends every session, pending challenge and trusted device of a person, in the caller's transaction, which has locked
 * them; one statement each, however many there are. Returns how many sessions ended.
 *
 * Links by which a person takes their account back outlive it where somebody else may be doing this. Whoever logs out
 * everywhere, or is logged in and changes the password, may be the one whom a "This wasn't me" link is about. Whoever
 * changed the address first could do all the rest by mail, so only a deactivation ends the link that undoes that: after
 * it nobody holds anything, and who comes back proves themselves anew.
 *
 * Where the caller isn't logged in, the account may have been in other hands, and the invitations that it sent end too.
 * docs/threat-model.md has the whole table, "What a change leaves".
 */
export async function endEverything(
  transaction: Executor,
  moment: Moment,
  userId: string,
  { sparingSessionId, ...ending }: EndingOfEverything,
): Promise<number> {
  const { now } = moment;
  const others = sparingSessionId === undefined ? {} : { except: sparingSessionId };
  const ended = await endSessions(transaction, moment, { userId, ...others }, ending);
  const loggedIn = sparingSessionId !== undefined || ending.reason === "logged_out_everywhere";
  await endChallenges(transaction, userId, waysBack(ending, loggedIn), now);
  if (!loggedIn) await endInvitationsBy(transaction, userId, now);
  await deleteTrustedDevices(transaction, userId);
  return ended;
}

function waysBack({ reason }: Ending, loggedIn: boolean): ChallengePurpose[] {
  if (reason === "account_deactivated") return [];
  return loggedIn ? ["undo-email-change", "not-me"] : ["undo-email-change"];
}
