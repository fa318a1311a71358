import type { Executor } from "@/db/client.ts";
import { deleteApplication, lockApplication } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { endSessions } from "@/lib/auth/sessions/end-sessions.ts";
import { type Changer, changeOf } from "./add-application.ts";

export type Removal = { kind: "removed"; name: string; ended: number } | { kind: "unknown" };

/**
 * Removes an application with its codes, what waits for it, and every session of it. Who redeems a code at this moment
 * holds the application: they come first and are ended, or come later and find none.
 *
 * 1. no application of that `client_id` → `unknown`
 * 2. else → gone; `ended` is how many sessions ended
 */
export async function removeApplication(call: Moment, clientId: string): Promise<Removal> {
  return call.app.transaction((transaction) => removeApplicationWithin(transaction, call, clientId));
}

/** The same in the caller's transaction, which has seen to it that `changer` may do this. */
export async function removeApplicationWithin(
  transaction: Executor,
  moment: Moment,
  clientId: string,
  changer: Changer = {},
): Promise<Removal> {
  const application = await lockApplication(transaction, clientId);
  if (!application) return { kind: "unknown" };
  const ending = { reason: "revoked_by_admin", ...changer } as const;
  const ended = await endSessions(transaction, moment, { applicationId: application.id }, ending);
  await deleteApplication(transaction, application.id);
  const change = changeOf("application.removed", application, changer, { sessions: ended });
  await recordEvent(transaction, change, moment.now);
  return { kind: "removed", name: application.name, ended };
}
