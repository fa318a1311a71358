import type { Executor } from "@/db/client.ts";
import { type Application, insertApplication } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type AuditEvent, type Device, recordEvent } from "@/lib/audit/record.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { AddApplicationRequest, PublicApplication } from "@/lib/contract/applications.ts";
import { newWebhookSecret, sealWebhookSecret } from "@/lib/deliveries/webhook-secret.ts";
import { hashClientSecret, newClientSecret } from "./client-secret.ts";
import { toPublicApplication } from "./list-applications.ts";

/** Who changes an application, from where and in their own words why, where it is an admin and not the operator. */
export type Changer = { actorId?: string; device?: Device; why?: string | undefined };

/** An application with the secrets that were just made for it; null where there is none, or none was made. */
export type WithSecret = PublicApplication & { client_secret: string | null; webhook_secret: string | null };

/**
 * Adds an application. The secret of a confidential one is told now and never again: only a keyed hash is kept. So is
 * that of its webhook, which is kept encrypted, for messages are signed with it.
 */
export async function addApplication(call: Moment, asked: AddApplicationRequest): Promise<WithSecret> {
  return call.app.transaction((transaction) => addApplicationWithin(transaction, call, asked));
}

/** The same in the caller's transaction, which has seen to it that `changer` may do this. */
export async function addApplicationWithin(
  transaction: Executor,
  { app, now }: Moment,
  asked: AddApplicationRequest,
  changer: Changer = {},
): Promise<WithSecret> {
  const id = randomUUID();
  const secret = asked.confidential ? newClientSecret() : null;
  const webhookAddress = asked.webhook_address ?? null;
  const webhookSecret = webhookAddress === null ? null : newWebhookSecret();
  const sealed = webhookSecret === null ? null : sealWebhookSecret(app.deliveries, webhookSecret, id);
  const application = await insertApplication(transaction, {
    id,
    name: asked.name,
    redirectAddresses: asked.redirect_addresses,
    loggedOutAddresses: asked.logged_out_addresses ?? [],
    secretHash: secret === null ? null : hashClientSecret(app, secret),
    backchannelAddress: asked.backchannel_address ?? null,
    webhookAddress,
    ...(sealed && { webhookSecret: sealed.sealed, webhookKeyId: sealed.keyId }),
    createdAt: now,
  });
  await recordEvent(transaction, changeOf("application.added", application, changer), now);
  return { ...toPublicApplication(application, now), client_secret: secret, webhook_secret: webhookSecret };
}

/** What the audit trail says of a change. */
export function changeOf(
  type: AuditEvent["type"],
  { id, name }: Pick<Application, "id" | "name">,
  { why, ...changer }: Changer,
  facts: AuditEvent["data"] = {},
): AuditEvent {
  const data = { application: name, client_id: id, ...facts, ...(why !== undefined && { why }) };
  return { type, ...changer, data };
}
