import { endChallenges } from "@/db/queries/challenges.ts";
import { type User, updateUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { findLink, redeemLink } from "@/lib/auth/challenges/redeem-link.ts";
import { hashNewPassword } from "@/lib/auth/password/hash-new-password.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";

export type Acceptance = { token: string; password: string; name?: string | undefined };

const NOT_VALID = invalidFields({
  token: ["This link was used, replaced by a newer one, or has expired. Ask for another invitation."],
});

/**
 * Sets the first password of an invited person by the secret of the link that was mailed to them, which proves their
 * address too. It logs nobody in: a second factor is still asked at the log-in that follows.
 *
 * 1. the link is unknown, used, replaced or expired, was made for something else, or its person is inactive → the
 *    field and why
 * 2. a password that the rules refuse → the field and why; the link stays good
 * 3. hashing is busy → `unavailable`; the link stays good
 * 4. else → the account is theirs. Of simultaneous uses of one link exactly one sets its password, and none ever
 *    replaces one
 */
export async function acceptInvitation(
  call: Call,
  { token, password, name }: Acceptance,
): Promise<{ kind: "accepted" } | Failure | InvalidFields> {
  const { app, device, now } = call;
  const link = await findLink(call, token, "invitation");
  if (link.kind !== "open") return NOT_VALID;
  const person = { email: link.user.email, name: name || link.user.name };
  const hashed = await hashNewPassword(app, password, person);
  if (hashed.kind !== "hashed") return hashed;
  const { passwordHash } = hashed;
  const accepted = await redeemLink(call, link, hasNoPassword, async (transaction, user) => {
    const userId = user.id;
    await updateUser(transaction, userId, { passwordHash, emailVerifiedAt: now, name: name || user.name });
    await endChallenges(transaction, userId, [], now);
    const event = { type: "user.registered", userId, device, data: { by: "invitation" } } as const;
    await recordEvent(transaction, event, now);
    return { kind: "accepted" } as const;
  });
  return accepted ?? NOT_VALID;
}

function hasNoPassword({ passwordHash }: User): boolean {
  return passwordHash === null;
}
