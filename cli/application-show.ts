import { showApplication } from "@/lib/auth/applications/list-applications.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { minute } from "./table.ts";

/** One application, by its `client_id`; its secret is not known any more. */
export async function applicationShow(settings: Settings, clientId: string): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const application = await showApplication({ app, now: app.clock.now() }, clientId);
    if (!application) return refused(noApplication(clientId));
    return done(
      [application.name, ...clientLines(settings, application), ...factLines(application)],
      application,
    );
  });
}

/** What is said where there is none of that `client_id`. */
export function noApplication(clientId: string): string {
  return `There is no application ${clientId}.`;
}

/** What a client is configured with. A secret is said where it was just made. */
export function clientLines(
  { APP_URL }: Settings,
  application: PublicApplication & { client_secret?: string | null; webhook_secret?: string | null },
): string[] {
  const { client_id: id, client_secret: secret, webhook_secret: signs, confidential } = application;
  const made = secret
    ? `${secret}   (shown this once)`
    : "kept by its server, and shown only when it was made";
  return [
    line("issuer", APP_URL),
    line("client_id", id),
    line("client_secret", confidential ? made : "none: it is public"),
    ...(signs ? [line("webhook secret", `${signs}   (shown this once)`)] : []),
  ];
}

function factLines(application: PublicApplication): string[] {
  const { redirect_addresses: redirects, logged_out_addresses: loggedOut } = application;
  const { previous_secret_until: until, previous_webhook_secret_until: signs, created_at: at } = application;
  const { backchannel_address: backchannel, webhook_address: webhook } = application;
  return [
    ...redirects.map((address) => line("log-ins end at", address)),
    ...loggedOut.map((address) => line("log-outs may end at", address)),
    ...(backchannel === null ? [] : [line("told of log-outs at", backchannel)]),
    ...(webhook === null ? [] : [line("webhook", webhook)]),
    ...(until === null ? [] : [line("the secret before", `works until ${minute(until)} UTC`)]),
    ...(signs === null ? [] : [line("webhook's before", `signs until ${minute(signs)} UTC`)]),
    line("added", `${minute(at)} UTC`),
  ];
}

const WIDTH = 21;

function line(name: string, value: string): string {
  return `${`${name}:`.padEnd(WIDTH)}${value}`;
}
