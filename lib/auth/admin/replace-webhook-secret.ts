import type { WithSecret } from "@/lib/auth/applications/add-application.ts";
import { replaceWebhookSecretWithin } from "@/lib/auth/applications/replace-webhook-secret.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { actAsAdmin } from "./act-as-admin.ts";

const NO_WEBHOOK = "This application has no webhook.";

/**
 * Gives an application's webhook another secret.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. there is no such application → `not_found`
 * 3. one without a webhook → refused, and nothing changes
 * 4. else → the new secret, as `replaceWebhookSecret` says, on record with who did it and why
 */
export async function replaceWebhookSecret(
  call: LoggedInCall,
  { clientId, why }: { clientId: string; why?: string | undefined },
): Promise<{ kind: "replaced"; application: WithSecret } | Failure | InvalidFields> {
  return actAsAdmin(call, why, async (transaction, changer) => {
    const replacement = await replaceWebhookSecretWithin(transaction, call, clientId, changer);
    if (replacement.kind === "replaced") return replacement;
    return replacement.kind === "unknown"
      ? failure("not_found")
      : invalidFields({ non_field_errors: [NO_WEBHOOK] });
  });
}
