import { namesOfApplications } from "@/db/queries/applications.ts";
import { listLiveSessions } from "@/db/queries/sessions.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { instant } from "@/lib/base/clock.ts";
import { type AskedPage, type Page, toWirePage } from "@/lib/contract/pages.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import { toPublicSession } from "./shapes.ts";

/** Before every other session, for a first page that only this device filled. */
const START = { at: instant("9999-12-31T23:59:59.999Z"), id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/**
 * One page of the caller's live sessions, applications' among them: this one first, then newest activity. Pages follow each other by key,
 * so a session that comes or goes in between shifts nothing.
 */
export async function listSessions(
  { app, principal: { user, session }, now }: LoggedInCall,
  { after, limit }: AskedPage,
): Promise<{ kind: "listed"; page: Page<PublicSession> }> {
  const here = after ? [] : [session];
  const places = limit - here.length;
  const others = await listLiveSessions(
    app.db,
    { userId: user.id, except: session.id, after, limit: places + 1 },
    now,
  );
  const following = others.slice(0, places);
  const last = following.at(-1);
  const place = last ? { at: last.lastSeenAt, id: last.id } : START;
  const found = { rows: [...here, ...following], next: others.length > places ? place : null };
  const shown = { currentId: session.id, applicationNames: await namesOfApplications(app.db, found.rows) };
  return { kind: "listed", page: toWirePage(found, (each) => toPublicSession(each, shown)) };
}
