import { replaceSecret } from "@/lib/auth/applications/replace-secret.ts";
import { replaceWebhookSecret } from "@/lib/auth/applications/replace-webhook-secret.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { clientLines, noApplication } from "./application-show.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { minute } from "./table.ts";

export type ApplicationSecretOptions = { webhook?: boolean };

/** Gives an application, or its webhook, a new secret and says it this once; the one before works for a day more. */
export async function applicationSecret(
  settings: Settings,
  clientId: string,
  { webhook = false }: ApplicationSecretOptions,
): Promise<Outcome> {
  const replace = webhook ? replaceWebhookSecret : replaceSecret;
  return withApp(settings, async (app) => {
    const replacement = await replace({ app, now: app.clock.now() }, clientId);
    switch (replacement.kind) {
      case "replaced": {
        const { application } = replacement;
        const { previous_secret_until: own, previous_webhook_secret_until: webhooks } = application;
        const whose = webhook ? `The webhook of ${application.name}` : application.name;
        const until = minute(webhook ? webhooks : own);
        const lines = [
          `${whose} has a new secret. The one before works until ${until} UTC.`,
          ...clientLines(settings, application),
        ];
        return done(lines, application);
      }
      case "public":
        return refused("A public application has no secret.");
      case "no-webhook":
        return refused("This application has no webhook.");
      case "unknown":
        return refused(noApplication(clientId));
    }
  });
}
