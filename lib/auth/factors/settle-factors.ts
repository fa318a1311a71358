import type { Executor } from "@/db/client.ts";
import { supersedeChallenges } from "@/db/queries/challenges.ts";
import { countFactors } from "@/db/queries/factors.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import type { User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type AuditEvent, type Device, recordEvent } from "@/lib/audit/record.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import type { FactorChange } from "@/lib/mail/messages.ts";

/** What changed, as the audit trail and the mail about it say it. */
type Change = { user: User; event: Omit<AuditEvent, "userId" | "device">; told: FactorChange };

/** What asked for the factors as they were. */
const UNDER_WAY = ["log-in", "step-up"] as const;

/**
 * Ends what a change of somebody's factors leaves behind, in the transaction that made it and has locked them: trusted
 * devices, which skip what has changed, and log-ins and step-ups under way, which asked for what was. The audit trail
 * says so, and so does a mail. Returns the person with their factors counted anew.
 */
export async function settleFactors(
  transaction: Executor,
  call: Moment & { device?: Device | undefined },
  { user, event, told }: Change,
): Promise<User> {
  const { device, now } = call;
  const counted = await countFactors(transaction, user.id);
  await deleteTrustedDevices(transaction, user.id);
  await supersedeChallenges(transaction, user.id, UNDER_WAY, now);
  await recordEvent(transaction, { ...event, userId: user.id, device }, now);
  await notify(transaction, call, user, { kind: "factors-changed", at: now, change: told });
  return counted;
}
