import { type Application, findApplication, listApplications as list } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";

/** Every application, by name; no secret among them. */
export async function listApplications({ app, now }: Moment): Promise<PublicApplication[]> {
  return (await list(app.db)).map((application) => toPublicApplication(application, now));
}

/** One application; undefined where there is none of that `client_id`. */
export async function showApplication(
  { app, now }: Moment,
  clientId: string,
): Promise<PublicApplication | undefined> {
  const application = await findApplication(app.db, clientId);
  return application && toPublicApplication(application, now);
}

/** An application as its operator sees it: built by naming fields, so that no hash leaks. */
export function toPublicApplication(application: Application, now: Date): PublicApplication {
  const still = (until: Date | null) => (until && until > now ? until.toISOString() : null);
  return {
    client_id: application.id,
    name: application.name,
    confidential: application.secretHash !== null,
    redirect_addresses: application.redirectAddresses,
    logged_out_addresses: application.loggedOutAddresses,
    backchannel_address: application.backchannelAddress,
    webhook_address: application.webhookAddress,
    previous_secret_until: still(application.previousSecretUntil),
    previous_webhook_secret_until: still(application.previousWebhookUntil),
    created_at: application.createdAt.toISOString(),
  };
}
