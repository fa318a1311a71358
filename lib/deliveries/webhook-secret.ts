import type { Application } from "@/db/queries/applications.ts";
import { open, randomSecret, seal } from "@/lib/base/crypto.ts";
import type { DeliveryDeps } from "./delivery-deps.ts";

const SECRET_BYTES = 32;

/** What the format's libraries expect before the base64 of a secret. */
export const WEBHOOK_SECRET_PREFIX = "whsec_";

const aad = (applicationId: string) => `webhook ${applicationId}`;

/** A secret of 256 bits, as Standard Webhooks writes one. */
export function newWebhookSecret(): string {
  return `${WEBHOOK_SECRET_PREFIX}${randomSecret(SECRET_BYTES).toString("base64")}`;
}

/** A secret as it is kept: encrypted for this application's row, it opens nowhere else. */
export function sealWebhookSecret({ sealing }: DeliveryDeps, secret: string, applicationId: string) {
  return { keyId: sealing.id, sealed: seal(sealing.key, secret, aad(applicationId)) };
}

/** The secrets that messages are signed with now: the present one, then the one before while it counts. None where the key is another one by now. */
export function openWebhookSecrets({ sealing }: DeliveryDeps, application: Application, now: Date): string[] {
  const { previousWebhookUntil: until } = application;
  const kept = [
    { sealed: application.webhookSecret, keyId: application.webhookKeyId },
    ...(until && until > now
      ? [{ sealed: application.previousWebhookSecret, keyId: application.previousWebhookKeyId }]
      : []),
  ];
  return kept.flatMap(({ sealed, keyId }) =>
    sealed && keyId === sealing.id ? (open(sealing.key, sealed, aad(application.id)) ?? []) : [],
  );
}
