import { replaceSecret } from "@/lib/auth/applications/replace-secret.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { clientLines, noApplication } from "./application-show.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { minute } from "./table.ts";

/** Gives an application a new secret and says it this once; the one before works for a day more. */
export async function applicationSecret(settings: Settings, clientId: string): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const replacement = await replaceSecret({ app, now: app.clock.now() }, clientId);
    switch (replacement.kind) {
      case "replaced": {
        const { application } = replacement;
        const until = minute(application.previous_secret_until);
        const lines = [
          `${application.name} has a new secret. The one before works until ${until} UTC.`,
          ...clientLines(settings, application),
        ];
        return done(lines, application);
      }
      case "public":
        return refused("A public application has no secret.");
      case "unknown":
        return refused(noApplication(clientId));
    }
  });
}
