import type { Executor } from "@/db/client.ts";
import {
  type Authorization,
  type Challenge,
  type ChallengeKey,
  type ChallengePurpose,
  insertChallenge,
} from "@/db/queries/challenges.ts";
import { CODE_SENDS, CODE_TRIES } from "@/lib/auth/limits/budgets.ts";
import {
  AUTHORIZATION_CODE_LIFETIME_SECONDS,
  PASSKEY_LIFETIME_SECONDS,
} from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomToken, randomUUID, sha256 } from "@/lib/base/crypto.ts";

const SECRET_BYTES = 32;

/** The address that is to be proven or that a link was mailed to, and what an account gets once it is. */
export type PendingProof = { email: string; name?: string; passwordHash?: string };

export type NewChallenge = {
  purpose: ChallengePurpose;
  /** Who proves; null where there is no account yet. */
  userId: string | null;
  sessionId?: string | undefined;
  /** What waits for the proof. */
  pending?: PendingProof | undefined;
  /** Where the browser that asks is going. */
  destinationId?: string | undefined;
  lifetimeSeconds: number;
  /** Makes the kept hash of this challenge's code; absent where the secret itself is the proof. */
  hashCode?: (challengeId: string) => Buffer;
};

/**
 * Opens a challenge: something that waits for a proof, never a session. The secret that names it on the wire has
 * 256 bits and is kept only as a hash.
 */
export async function openChallenge(db: Executor, challenge: NewChallenge, now: Date): Promise<string> {
  const id = randomUUID();
  const secret = randomToken(SECRET_BYTES);
  await insertChallenge(db, {
    id,
    tokenHash: sha256(secret),
    purpose: challenge.purpose,
    userId: challenge.userId,
    sessionId: challenge.sessionId,
    destinationId: challenge.destinationId,
    ...challenge.pending,
    codeHash: challenge.hashCode?.(id),
    triesLeft: CODE_TRIES,
    sendsLeft: CODE_SENDS - 1,
    sentAt: now,
    createdAt: now,
    expiresAt: secondsAfter(now, challenge.lifetimeSeconds),
  });
  return secret;
}

/** What a passkey answers: it lives as long as one may be waited for, and is asked for at once. */
export async function openPasskeyChallenge(
  db: Executor,
  asked: { purpose: "passkey-set-up"; userId: string; sessionId: string } | { purpose: "passkey-log-in" },
  now: Date,
): Promise<{ secret: string; row: Challenge }> {
  const secret = randomToken(SECRET_BYTES);
  const row = await insertChallenge(db, {
    ...asked,
    id: randomUUID(),
    tokenHash: sha256(secret),
    passkeyAskedAt: now,
    triesLeft: 1,
    sendsLeft: 0,
    sentAt: now,
    createdAt: now,
    expiresAt: secondsAfter(now, PASSKEY_LIFETIME_SECONDS),
  });
  return { secret, row };
}

/** A code that an application redeems for a session, once: of this browser's session, for what was asked. */
export async function openAuthorizationCode(
  db: Executor,
  asked: { userId: string; sessionId: string; applicationId: string; authorization: Authorization },
  now: Date,
): Promise<string> {
  const secret = randomToken(SECRET_BYTES);
  await insertChallenge(db, {
    ...asked,
    id: randomUUID(),
    tokenHash: sha256(secret),
    purpose: "authorization-code",
    triesLeft: 1,
    sendsLeft: 0,
    sentAt: now,
    createdAt: now,
    expiresAt: secondsAfter(now, AUTHORIZATION_CODE_LIFETIME_SECONDS),
  });
  return secret;
}

/** How the database knows a challenge whose secret came over the wire. */
export function challengeKey(secret: string, purpose: ChallengePurpose): ChallengeKey {
  return { tokenHash: sha256(secret), purpose };
}
