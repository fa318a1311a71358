import { listLiveSessions } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import { instant } from "@/lib/clock.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { InstantAndId, type Page, parsePageQuery, sealCursor } from "@/lib/contract/pages.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import type { Principal } from "./principal.ts";
import { toPublicSession } from "./public-shapes.ts";

/** Before every other session, for a first page that only this device filled. */
const START = ["9999-12-31T23:59:59.999Z", "ffffffff-ffff-ffff-ffff-ffffffffffff"] as const;

/**
 * One page of the caller's live sessions: this device first, then newest activity. Pages follow each other by key,
 * so a session that comes or goes in between shifts nothing.
 */
export async function listSessions(
  app: App,
  { user, session }: Principal,
  query: URLSearchParams,
  now: Date,
): Promise<{ kind: "listed"; page: Page<PublicSession> } | Failure> {
  const asked = parsePageQuery(query, InstantAndId);
  if (asked.kind === "failure") return asked;
  const after = asked.after && { lastSeenAt: instant(asked.after[0]), id: asked.after[1] };
  const here = after ? [] : [session];
  const places = asked.limit - here.length;
  const others = await listLiveSessions(
    app.db,
    { userId: user.id, except: session.id, after, limit: places + 1 },
    now,
  );
  const following = others.slice(0, places);
  const last = following.at(-1);
  return {
    kind: "listed",
    page: {
      results: [...here, ...following].map((each) => toPublicSession(each, session.id)),
      next:
        others.length > places ? sealCursor(last ? [last.lastSeenAt.toISOString(), last.id] : START) : null,
    },
  };
}
