import { migrateDatabase } from "@/db/migrate.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withDatabase } from "./database.ts";
import { done, type Outcome } from "./outcome.ts";
import { counted } from "./table.ts";

/** Brings the schema up to date. */
export async function migrate(settings: Settings): Promise<Outcome> {
  return withDatabase(settings, async (connection) => {
    const { applied } = await migrateDatabase(connection);
    const line = applied > 0 ? `Applied ${counted(applied, "migration")}.` : "The schema is up to date.";
    return done([line], { applied });
  });
}
