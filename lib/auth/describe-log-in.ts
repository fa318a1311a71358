import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { toPublicUser } from "./public-shapes.ts";

/** What a client whose tokens are cookies learns of its log-in: who, and until when unless it is refreshed. */
export async function describeLogIn(
  { db }: App,
  session: { id: string; userId: string; idleExpiresAt: Date },
): Promise<{ user: PublicUser; session: { id: string; expires_at: string } }> {
  const user = await findUser(db, session.userId);
  if (!user) throw new Error("a session that was just granted has no person");
  return {
    user: toPublicUser(user),
    session: { id: session.id, expires_at: session.idleExpiresAt.toISOString() },
  };
}
