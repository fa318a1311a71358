import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { toPublicUser } from "./shapes.ts";

/**
 * What a client whose tokens are cookies learns of its log-in: who, and until when unless it is refreshed. Where the
 * account was deleted at the same moment, its tokens are good for nothing and are refused.
 */
export async function describeLogIn(
  { db }: App,
  session: { id: string; userId: string; idleExpiresAt: Date },
): Promise<{ kind: "described"; user: PublicUser; session: { id: string; expires_at: string } } | Failure> {
  const user = await findUser(db, session.userId);
  if (!user) return tokenNotValid("invalid");
  return {
    kind: "described",
    user: toPublicUser(user),
    session: { id: session.id, expires_at: session.idleExpiresAt.toISOString() },
  };
}
