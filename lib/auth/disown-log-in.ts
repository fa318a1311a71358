import { consumeChallenge, findChallenge } from "@/db/queries/challenges.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { endEverything } from "./end-everything.ts";
import { RESET_LIFETIME_SECONDS } from "./lifetimes.ts";
import { challengeName, openChallenge } from "./open-challenge.ts";

const NOT_VALID = invalidFields({
  token: ["This link was used or has expired. Ask for a new password instead."],
});

/**
 * "This wasn't me", by the link in a mail and without being logged in.
 *
 * 1. the link is unknown, used or expired, or was made for something else → the field and why; nothing ends
 * 2. else → every session, challenge and trusted device of the person ends, and they get the secret that lets them
 *    choose a new password now. Of simultaneous uses of one link exactly one gets it
 */
export async function disownLogIn(
  app: App,
  secret: string,
  device: Device,
  now: Date,
): Promise<{ kind: "disowned"; resetToken: string } | InvalidFields> {
  const name = challengeName(secret, "not-me");
  const found = await findChallenge(app.db, name);
  if (!found?.userId) return NOT_VALID;
  const { userId } = found;
  return app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    const taken = user && (await consumeChallenge(transaction, name, now));
    if (!taken) return NOT_VALID;
    await endEverything(transaction, userId, { reason: "revoked_by_owner", device }, now);
    await recordEvents(transaction, [{ type: "login.disowned", userId, device }], now);
    const reset = { purpose: "password-reset", userId, lifetimeSeconds: RESET_LIFETIME_SECONDS } as const;
    return { kind: "disowned", resetToken: await openChallenge(transaction, reset, now) };
  });
}
