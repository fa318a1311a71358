import type { Executor } from "@/db/client.ts";
import { lockApplication, replaceWebhookSecret as replace } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { PREVIOUS_SECRET_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { newWebhookSecret, sealWebhookSecret } from "@/lib/deliveries/webhook-secret.ts";
import { type Changer, changeOf, type WithSecret } from "./add-application.ts";
import { toPublicApplication } from "./list-applications.ts";

export type WebhookReplacement =
  | { kind: "replaced"; application: WithSecret }
  | { kind: "unknown" | "no-webhook" };

/**
 * Gives an application's webhook another secret, told this once; messages are signed with the one before too for a day
 * more, so that the receiver can change it without a break.
 *
 * 1. no application of that `client_id` → `unknown`
 * 2. one without a webhook → `no-webhook`
 * 3. else → the new secret
 */
export async function replaceWebhookSecret(call: Moment, clientId: string): Promise<WebhookReplacement> {
  return call.app.transaction((transaction) => replaceWebhookSecretWithin(transaction, call, clientId));
}

/** The same in the caller's transaction, which has seen to it that `changer` may do this. */
export async function replaceWebhookSecretWithin(
  transaction: Executor,
  { app, now }: Moment,
  clientId: string,
  changer: Changer = {},
): Promise<WebhookReplacement> {
  const application = await lockApplication(transaction, clientId);
  if (!application) return { kind: "unknown" };
  if (application.webhookAddress === null) return { kind: "no-webhook" };
  const secret = newWebhookSecret();
  const previousUntil = secondsAfter(now, PREVIOUS_SECRET_KEPT_SECONDS);
  const sealed = sealWebhookSecret(app.deliveries, secret, clientId);
  await replace(transaction, clientId, { ...sealed, previousUntil });
  const facts = { webhook: true };
  await recordEvent(transaction, changeOf("application.secret_replaced", application, changer, facts), now);
  const shown = toPublicApplication({ ...application, previousWebhookUntil: previousUntil }, now);
  return { kind: "replaced", application: { ...shown, client_secret: null, webhook_secret: secret } };
}
