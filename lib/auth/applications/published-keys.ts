import { hasApplications } from "@/db/queries/applications.ts";
import type { App } from "@/lib/app/app.ts";

/** The public keys for other services; under HS* there is one as soon as there is an application, for ID tokens. */
export async function publishedKeys({ db, tokens: { keys } }: App) {
  if (keys.jwks.keys.length > 0 || !(await hasApplications(db))) return keys.jwks;
  return keys.applicationJwks;
}
