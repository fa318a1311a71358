import { removeApplication } from "@/lib/auth/applications/remove-application.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { noApplication } from "./application-show.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { counted } from "./table.ts";

/** Removes an application and ends every session of it. */
export async function applicationRemove(settings: Settings, clientId: string): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const removal = await removeApplication({ app, now: app.clock.now() }, clientId);
    if (removal.kind === "unknown") return refused(noApplication(clientId));
    const { name, ended } = removal;
    const line = `${name} is removed; ${counted(ended, "session")} of it ended.`;
    return done([line], { client_id: clientId, name, ended });
  });
}
