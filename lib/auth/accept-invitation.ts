import { consumeChallenge, endChallenges, findChallenge } from "@/db/queries/challenges.ts";
import { findUser, lockUser, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { judgePassword } from "@/lib/judge-password.ts";
import { challengeName } from "./open-challenge.ts";

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
  app: App,
  { token, password, name }: Acceptance,
  device: Device,
  now: Date,
): Promise<{ kind: "accepted" } | Failure | InvalidFields> {
  const link = challengeName(token, "invitation");
  const found = await findChallenge(app.db, link);
  const userId = found?.userId;
  if (!userId || found.consumedAt || found.expiresAt <= now) return NOT_VALID;
  const person = await findUser(app.db, userId);
  const chosenName = name || person?.name || "";
  const objections = judgePassword(password, { email: person?.email ?? "", name: chosenName });
  if (objections.length > 0) return invalidFields({ password: objections });
  const hashed = await app.passwords.hash(password);
  if (hashed.kind === "busy") return failure("unavailable");

  return app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    const unused = user?.passwordHash === null && (await consumeChallenge(transaction, link, now));
    if (!unused) return NOT_VALID;
    const { passwordHash } = hashed;
    await updateUser(transaction, userId, { passwordHash, emailVerifiedAt: now, name: name || user.name });
    await endChallenges(transaction, userId, [], now);
    const event = { type: "user.registered", userId, device, data: { by: "invitation" } } as const;
    await recordEvents(transaction, [event], now);
    return { kind: "accepted" } as const;
  });
}
