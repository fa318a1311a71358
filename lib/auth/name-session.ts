import { nameSession as nameSessionRow } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import type { Principal } from "./principal.ts";
import { toPublicSession } from "./public-shapes.ts";

/** Names one of the caller's own live sessions, or takes its name away; `not_found` for any other. */
export async function nameSession(
  app: App,
  { user, session }: Principal,
  { id, name }: { id: string; name: string | null },
  now: Date,
): Promise<{ kind: "named"; session: PublicSession } | Failure> {
  const named = await nameSessionRow(app.db, user.id, id, name, now);
  return named ? { kind: "named", session: toPublicSession(named, session.id) } : failure("not_found");
}
