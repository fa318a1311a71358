import type { Executor } from "@/db/client.ts";
import { lockApplication, replaceSecret as replace } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { PREVIOUS_SECRET_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type Changer, changeOf, type WithSecret } from "./add-application.ts";
import { hashClientSecret, newClientSecret } from "./client-secret.ts";
import { toPublicApplication } from "./list-applications.ts";

export type Replacement = { kind: "replaced"; application: WithSecret } | { kind: "unknown" | "public" };

/**
 * Gives an application another secret, told this once; the one before counts for a day more, and one before that no more.
 *
 * 1. no application of that `client_id` → `unknown`
 * 2. a public one, which can keep no secret → `public`
 * 3. else → the new secret
 */
export async function replaceSecret(call: Moment, clientId: string): Promise<Replacement> {
  return call.app.transaction((transaction) => replaceSecretWithin(transaction, call, clientId));
}

/** The same in the caller's transaction, which has seen to it that `changer` may do this. */
export async function replaceSecretWithin(
  transaction: Executor,
  { app, now }: Moment,
  clientId: string,
  changer: Changer = {},
): Promise<Replacement> {
  const application = await lockApplication(transaction, clientId);
  if (!application) return { kind: "unknown" };
  if (!application.secretHash) return { kind: "public" };
  const secret = newClientSecret();
  const previousUntil = secondsAfter(now, PREVIOUS_SECRET_KEPT_SECONDS);
  await replace(transaction, clientId, { secretHash: hashClientSecret(app, secret), previousUntil });
  await recordEvent(transaction, changeOf("application.secret_replaced", application, changer), now);
  const changed = { ...application, previousSecretUntil: previousUntil };
  const shown = toPublicApplication(changed, now);
  return { kind: "replaced", application: { ...shown, client_secret: secret, webhook_secret: null } };
}
