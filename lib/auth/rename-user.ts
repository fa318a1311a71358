import { lockUser, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { bearerNotValid, type Failure } from "@/lib/contract/errors.ts";
import type { Principal } from "./principal.ts";
import { toPublicUser } from "./public-shapes.ts";

/**
 * Gives the caller the name they ask for; an empty one is none.
 *
 * 1. the account is gone or inactive by now → refused
 * 2. the name is theirs already → nothing changes, and nothing is recorded
 * 3. else → they have it, and the audit trail says that it changed
 */
export async function renameUser(
  app: App,
  { user, session }: Principal,
  name: string,
  device: Device,
  now: Date,
): Promise<{ kind: "renamed"; user: PublicUser } | Failure> {
  return app.db.transaction(async (transaction) => {
    const locked = await lockUser(transaction, { userId: user.id });
    if (!locked) return bearerNotValid("blacklisted", "account_deactivated");
    if (locked.name === name) return { kind: "renamed", user: toPublicUser(locked) };
    await updateUser(transaction, user.id, { name });
    const event = { type: "user.renamed" as const, userId: user.id, sessionId: session.id, device };
    await recordEvents(transaction, [event], now);
    return { kind: "renamed", user: toPublicUser({ ...locked, name }) };
  });
}
