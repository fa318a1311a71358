import { listApplications } from "@/lib/auth/applications/list-applications.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome } from "./outcome.ts";
import { minute, table } from "./table.ts";

const HEADINGS = ["CLIENT_ID", "NAME", "KIND", "LOG-INS END AT", "ADDED (UTC)"];

/** Every application, by name. */
export async function applicationList(settings: Settings): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const applications = await listApplications({ app, now: app.clock.now() });
    const lines = applications.length > 0 ? table(HEADINGS, applications.map(row)) : [NONE];
    return done(lines, applications);
  });
}

const NONE = "There are no applications yet.";

function row(application: PublicApplication): string[] {
  const [first = "", ...more] = application.redirect_addresses;
  return [
    application.client_id,
    application.name,
    application.confidential ? "confidential" : "public",
    more.length > 0 ? `${first} and ${more.length} more` : first,
    minute(application.created_at),
  ];
}
