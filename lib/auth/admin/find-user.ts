import { findUserByEmail } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { PersonReference } from "@/lib/contract/admin-filters.ts";

/**
 * The id that a filter means. An address is looked up; an id is taken as it is, for the audit trail outlives accounts.
 * Null where nobody has that address.
 */
export async function findUserId(app: App, reference: PersonReference): Promise<string | null> {
  if ("id" in reference) return reference.id;
  return (await findUserByEmail(app.db, reference.email))?.id ?? null;
}
