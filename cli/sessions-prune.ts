import type { PrunedEvents } from "@/lib/auth/activity/prune-events.ts";
import { prune } from "@/lib/operations/prune.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome } from "./outcome.ts";
import { counted } from "./table.ts";

/** Deletes the sessions that ended so long ago that nobody asks about them, with everything else that has ended. */
export async function sessionsPrune(settings: Settings): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const { sessions, events } = await prune(app, app.clock.now());
    const lines = [`Deleted ${counted(sessions, "ended session")}.`, trailLine(events)];
    return done(lines, { deleted: sessions, events });
  });
}

function trailLine(events: PrunedEvents): string {
  if (events.kind === "append-only")
    return "The audit trail is left as it is: this database account may only add to it. Prune with the one that owns it.";
  const { deleted, shortened } = events;
  return `Deleted ${counted(deleted, "old event")}, shortened the addresses of ${counted(shortened, "event")}.`;
}
