import { lockApplication } from "@/db/queries/applications.ts";
import { retryDeliveries } from "@/db/queries/deliveries.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { changeOf } from "@/lib/auth/applications/add-application.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { actAsAdmin } from "./act-as-admin.ts";

/**
 * Has everything sent to an application again that has failed, what was given up too.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. there is no such application → `not_found`
 * 3. else → all of it is due now, for as long as when it was new; `count` is how much, on record with who did it and why
 */
export async function sendDeliveriesAgain(
  call: LoggedInCall,
  { clientId, why }: { clientId: string; why?: string | undefined },
): Promise<{ kind: "sent-again"; count: number } | Failure> {
  const { app, now } = call;
  const outcome = await actAsAdmin(call, why, async (transaction, changer) => {
    const application = await lockApplication(transaction, clientId);
    if (!application) return failure("not_found");
    const count = await retryDeliveries(transaction, clientId, now);
    const change = changeOf("application.deliveries_retried", application, changer, { count });
    await recordEvent(transaction, change, now);
    return { kind: "sent-again", count } as const;
  });
  app.deliveries.wake();
  return outcome;
}
