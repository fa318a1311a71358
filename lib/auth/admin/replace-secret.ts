import type { WithSecret } from "@/lib/auth/applications/add-application.ts";
import { replaceSecretWithin } from "@/lib/auth/applications/replace-secret.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { actAsAdmin } from "./act-as-admin.ts";

const NO_SECRET = "A public application has no secret.";

/**
 * Gives an application another secret.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. there is no such application → `not_found`
 * 3. a public one → refused, and nothing changes
 * 4. else → the new secret, as `replaceSecret` says, on record with who did it and why
 */
export async function replaceSecret(
  call: LoggedInCall,
  { clientId, why }: { clientId: string; why?: string | undefined },
): Promise<{ kind: "replaced"; application: WithSecret } | Failure | InvalidFields> {
  return actAsAdmin(call, why, async (transaction, changer) => {
    const replacement = await replaceSecretWithin(transaction, call, clientId, changer);
    if (replacement.kind === "replaced") return replacement;
    return replacement.kind === "public"
      ? invalidFields({ non_field_errors: [NO_SECRET] })
      : failure("not_found");
  });
}
