import type { Settings } from "@/lib/env.ts";
import { prune } from "@/lib/prune.ts";
import { withApp } from "./database.ts";
import { done, type Outcome } from "./outcome.ts";
import { counted } from "./table.ts";

/** Deletes the sessions that ended so long ago that nobody asks about them, with everything else that has ended. */
export async function sessionsPrune(settings: Settings): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const deleted = await prune(app, app.clock.now());
    return done([`Deleted ${counted(deleted, "ended session")}.`], { deleted });
  });
}
