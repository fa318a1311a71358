import type { Application } from "@/db/queries/applications.ts";
import type { AuthorizationRequest } from "@/db/queries/challenges.ts";
import { findDestination as find } from "@/db/queries/destinations.ts";
import type { Moment } from "@/lib/app/call.ts";
import { sha256 } from "@/lib/base/crypto.ts";

/** Where a browser is going, and since when. */
export type FoundDestination =
  | { kind: "address"; id: string; address: string }
  | { kind: "log-in"; id: string; application: Application; request: AuthorizationRequest; keptAt: Date };

/** The destination of that id, for the browser that holds its secret, within its hour; null for anything else. */
export async function findDestination(
  { app, now }: Moment,
  { id, browser }: { id: string; browser: string | null },
): Promise<FoundDestination | null> {
  if (browser === null) return null;
  const found = await find(app.db, { id, browserHash: sha256(browser) }, now);
  if (!found) return null;
  const { destination, application } = found;
  const { address, authorization: request, createdAt: keptAt } = destination;
  if (address !== null) return { kind: "address", id, address };
  return application && request ? { kind: "log-in", id, application, request, keptAt } : null;
}
