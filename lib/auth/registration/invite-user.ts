import type { Executor } from "@/db/client.ts";
import { endChallenges } from "@/db/queries/challenges.ts";
import { findUserByEmail, insertUser, lockUser, type User, updateUser } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Device, recordEvent } from "@/lib/audit/record.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { DAY_SECONDS, INVITATION_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { isUnaccepted } from "@/lib/auth/password/is-unaccepted.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { queueMail } from "@/lib/mail/outbox.ts";

export type Invitation = { email: string; name?: string | undefined; role?: "user" | "admin" | undefined };
type Invited = { kind: "invited"; user: User };

/**
 * Makes an account for an address and mails its owner a link by which they choose a password. Until they do, nobody
 * can log in to it. The caller has seen to it that `actor` may do this; null is the operator at the command line.
 * The invitation ends when its admin stops being one, or is deactivated or deleted.
 *
 * 1. an address that the rules refuse → the field and why
 * 2. the actor's session has ended by now, or they are no admin any more → refused
 * 3. its account has or had a password, or is inactive → `taken`, and that account stays as it is
 * 4. its owner was invited and has not accepted → name and role as now said, a new link, and the older one ends
 * 5. else → the new person. Of simultaneous invitations of one address all end in one account with one good link
 */
export async function inviteUser(
  call: Moment,
  actor: Principal | null,
  { email, name = "", role = "user" }: Invitation,
  device: Device | null,
): Promise<Invited | { kind: "taken" } | Failure | InvalidFields> {
  const { app, now } = call;
  const address = parseEmailAddress(email);
  if (!address) return invalidFields({ email: ["Enter a valid email address."] });
  return app.transaction(async (transaction) => {
    const caller = actor && (await lockActingAdmin(transaction, { app, principal: actor, now }));
    if (caller?.kind === "failure") return caller;
    const user = await makeOrRenew(transaction, call, { email: address, name, role });
    if (!user) return { kind: "taken" } as const;
    const event = { type: "user.invited", userId: user.id, actorId: actor?.user.id, data: { role } } as const;
    await recordEvent(transaction, { ...event, device: device ?? undefined }, now);
    await mailLink(transaction, call, { user, sessionId: actor?.session.id });
    return { kind: "invited", user } as const;
  });
}

/** The person to be invited, locked, without any older link; undefined where the address is taken. */
async function makeOrRenew(
  transaction: Executor,
  { app, now }: Moment,
  facts: Pick<User, "email" | "name" | "role">,
): Promise<User | undefined> {
  const twoFactorEmail = app.settings.TWO_FACTOR_DEFAULT === "email";
  const made = await insertUser(transaction, { id: randomUUID(), ...facts, twoFactorEmail, createdAt: now });
  if (made) return made;
  const owner = await findUserByEmail(transaction, facts.email);
  const user = owner && (await lockUser(transaction, { userId: owner.id }));
  if (!user || !isUnaccepted(user)) return undefined;
  const { name, role } = facts;
  await updateUser(transaction, user.id, { name, role });
  await endChallenges(transaction, user.id, [], now);
  return { ...user, name, role };
}

async function mailLink(
  transaction: Executor,
  { app, now }: Moment,
  { user, sessionId }: { user: User; sessionId: string | undefined },
): Promise<void> {
  const token = await openChallenge(
    transaction,
    { purpose: "invitation", userId: user.id, sessionId, lifetimeSeconds: INVITATION_LIFETIME_SECONDS },
    now,
  );
  await queueMail(
    transaction,
    app.mail,
    {
      to: user.email,
      userId: user.id,
      message: {
        kind: "invitation",
        token,
        days: INVITATION_LIFETIME_SECONDS / DAY_SECONDS,
      },
      expiresAt: secondsAfter(now, INVITATION_LIFETIME_SECONDS),
    },
    now,
  );
}
