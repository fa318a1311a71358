import type { Executor } from "@/db/client.ts";
import {
  type Challenge,
  type ChallengeKey,
  type ChallengePurpose,
  consumeChallenge,
  findChallenge,
} from "@/db/queries/challenges.ts";
import { findUser, lockUser, type User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { challengeState } from "./challenge-state.ts";
import { challengeKey } from "./open-challenge.ts";

/** A mailed link that still opens something, and whose account it is about, as both were when it was looked at. */
export type OpenLink = { kind: "open"; key: ChallengeKey; challenge: Challenge; user: User };

/**
 * Looks at the link that carries `secret`, and spends nothing: so what is asked besides, such as a good password, can
 * be refused and the link stays good.
 *
 * 1. no such link, one made for something else, or one that was forgotten since → `unknown`
 * 2. used, or settled by another: a newer one, or the undo of an earlier change → `used`
 * 3. too old → `expired`
 * 4. else → `open`
 */
export async function findLink(
  { app, now }: Moment,
  secret: string,
  purpose: ChallengePurpose,
): Promise<OpenLink | { kind: "unknown" | "used" | "expired" }> {
  const key = challengeKey(secret, purpose);
  const challenge = await findChallenge(app.db, key);
  const user = challenge?.userId ? await findUser(app.db, challenge.userId) : undefined;
  if (!challenge || !user) return { kind: "unknown" };
  const state = challengeState(challenge, now);
  if (state === "open") return { kind: state, key, challenge, user };
  return { kind: state === "used" ? state : "expired" };
}

/**
 * The one door for what a mailed link proves: locks the person, takes the link by one conditional statement, grants
 * what the verb says in the same transaction, and sends the mail that it wrote.
 *
 * 1. the person is gone or inactive, or `opensFor` says no to them as they are now → null, and nothing is spent
 * 2. somebody else was first, or the link ended meanwhile → null
 * 3. else → what `grant` returns. Of simultaneous uses of one link exactly one gets there
 */
export async function redeemLink<Granted>(
  { app, now }: Moment,
  { key, user: { id: userId } }: OpenLink,
  opensFor: (user: User) => boolean,
  grant: (transaction: Executor, user: User, link: Challenge) => Promise<Granted>,
): Promise<Granted | null> {
  return app.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    if (!user || !opensFor(user)) return null;
    const taken = await consumeChallenge(transaction, key, now);
    return taken ? grant(transaction, user, taken) : null;
  });
}
