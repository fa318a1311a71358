import { forgetDevicesSince } from "@/db/queries/known-devices.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { findLink, redeemLink } from "@/lib/auth/challenges/redeem-link.ts";
import { forgetFactorsSince } from "@/lib/auth/factors/forget-factors-since.ts";
import { forgetWrongPasswords } from "@/lib/auth/limits/forget-wrong-passwords.ts";
import { RESET_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";
import { type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";

const NOT_VALID = invalidFields({
  token: ["This link was used or has expired. Ask for a new password instead."],
});

/**
 * "This wasn't me", by the link in a mail and without being logged in.
 *
 * 1. the link is unknown, used or expired, was made for something else, or was mailed to an address that is not the
 *    account's any more → the field and why; nothing ends
 * 2. else → every session, challenge and trusted device of the person ends, what was first seen since that log-in is a
 *    new device again, strong factors that were added since are gone, and they get the secret that lets them choose a new password now. Of simultaneous uses of one
 *    link exactly one gets it
 */
export async function disownLogIn(
  call: Call,
  secret: string,
): Promise<{ kind: "disowned"; email: string; resetToken: string } | InvalidFields> {
  const { app, device, now } = call;
  const link = await findLink(call, secret, "not-me");
  if (link.kind !== "open") return NOT_VALID;
  const { email, createdAt } = link.challenge;
  const isTheirAddress = (user: User) => user.email === email;
  const disowned = await redeemLink(call, link, isTheirAddress, async (transaction, user) => {
    const userId = user.id;
    await endEverything(transaction, call, userId, { reason: "revoked_by_owner", device });
    await forgetDevicesSince(transaction, userId, createdAt);
    await forgetFactorsSince(transaction, call, { user, since: createdAt });
    await forgetWrongPasswords(transaction, app, user);
    await recordEvent(transaction, { type: "login.disowned", userId, device }, now);
    const reset = { purpose: "password-reset", userId, lifetimeSeconds: RESET_LIFETIME_SECONDS } as const;
    const resetToken = await openChallenge(transaction, reset, now);
    return { kind: "disowned", email: user.email, resetToken } as const;
  });
  return disowned ?? NOT_VALID;
}
