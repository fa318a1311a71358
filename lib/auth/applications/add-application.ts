import type { Executor } from "@/db/client.ts";
import { type Application, insertApplication } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type AuditEvent, type Device, recordEvent } from "@/lib/audit/record.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { AddApplicationRequest, PublicApplication } from "@/lib/contract/applications.ts";
import { hashClientSecret, newClientSecret } from "./client-secret.ts";
import { toPublicApplication } from "./list-applications.ts";

/** Who changes an application, from where and in their own words why, where it is an admin and not the operator. */
export type Changer = { actorId?: string; device?: Device; why?: string | undefined };

/** An application with the secret that was just made for it; null where it is public. */
export type WithSecret = PublicApplication & { client_secret: string | null };

/** Adds an application. The secret of a confidential one is told now and never again: only a keyed hash is kept. */
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
  const secret = asked.confidential ? newClientSecret() : null;
  const application = await insertApplication(transaction, {
    id: randomUUID(),
    name: asked.name,
    redirectAddresses: asked.redirect_addresses,
    loggedOutAddresses: asked.logged_out_addresses ?? [],
    secretHash: secret === null ? null : hashClientSecret(app, secret),
    createdAt: now,
  });
  await recordEvent(transaction, changeOf("application.added", application, changer), now);
  return { ...toPublicApplication(application, now), client_secret: secret };
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
