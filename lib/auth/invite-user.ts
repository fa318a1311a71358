import type { Executor } from "@/db/client.ts";
import { endChallenges } from "@/db/queries/challenges.ts";
import { findUserByEmail, insertUser, lockUser, type User, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { randomUUID } from "@/lib/crypto.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { DAY_SECONDS, INVITATION_LIFETIME_SECONDS } from "./lifetimes.ts";
import { openChallenge } from "./open-challenge.ts";
import type { Principal } from "./principal.ts";

export type Invitation = { email: string; name?: string | undefined; role?: "user" | "admin" | undefined };
type Invited = { kind: "invited"; user: User };

/**
 * Makes an account for an address and mails its owner a link by which they choose a password. Until they do, nobody
 * can log in to it. The caller has seen to it that `actor` may do this; null is the operator at the command line.
 *
 * 1. an address that the rules refuse → the field and why
 * 2. its account has or had a password, or is inactive → `taken`, and that account stays as it is
 * 3. its owner was invited and has not accepted → name and role as now said, a new link, and the older one ends
 * 4. else → the new person. Of simultaneous invitations of one address all end in one account with one good link
 */
export async function inviteUser(
  app: App,
  actor: Principal | null,
  { email, name = "", role = "user" }: Invitation,
  device: Device | null,
  now: Date,
): Promise<Invited | { kind: "taken" } | InvalidFields> {
  const address = parseEmailAddress(email);
  if (!address) return invalidFields({ email: ["Enter a valid email address."] });
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await makeOrRenew(transaction, app, { email: address, name, role }, now);
    if (!user) return { kind: "taken" } as const;
    const event = { type: "user.invited", userId: user.id, actorId: actor?.user.id, data: { role } } as const;
    await recordEvents(transaction, [{ ...event, device: device ?? undefined }], now);
    await mailLink(transaction, app, user, now);
    return { kind: "invited", user } as const;
  });
  app.mail.wake();
  return outcome;
}

/** The person to be invited, locked, without any older link; undefined where the address is taken. */
async function makeOrRenew(
  transaction: Executor,
  app: App,
  facts: Pick<User, "email" | "name" | "role">,
  now: Date,
): Promise<User | undefined> {
  const twoFactorEmail = app.settings.TWO_FACTOR_DEFAULT === "email";
  const made = await insertUser(transaction, { id: randomUUID(), ...facts, twoFactorEmail, createdAt: now });
  if (made) return made;
  const owner = await findUserByEmail(transaction, facts.email);
  const user = owner && (await lockUser(transaction, { userId: owner.id }));
  if (!user || user.passwordHash !== null || user.emailVerifiedAt !== null) return undefined;
  const { name, role } = facts;
  await updateUser(transaction, user.id, { name, role });
  await endChallenges(transaction, user.id, [], now);
  return { ...user, name, role };
}

async function mailLink(transaction: Executor, app: App, user: User, now: Date): Promise<void> {
  const secret = await openChallenge(
    transaction,
    { purpose: "invitation", userId: user.id, lifetimeSeconds: INVITATION_LIFETIME_SECONDS },
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
        url: `${app.settings.APP_URL}/accept-invitation?token=${secret}`,
        days: INVITATION_LIFETIME_SECONDS / DAY_SECONDS,
      },
      expiresAt: secondsAfter(now, INVITATION_LIFETIME_SECONDS),
    },
    now,
  );
}
