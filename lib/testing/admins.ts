import type { User } from "@/db/queries/users.ts";
import { eventsOf, insertPerson } from "./records.ts";
import { type Holder, openSession } from "./wire.ts";
import type { World } from "./world.ts";

/** A new admin who has just logged in. */
export async function someAdmin(
  world: Pick<World, "app" | "db">,
  columns: Partial<User> = {},
): Promise<Holder> {
  return openSession(world.app, await insertPerson(world.db, { role: "admin", ...columns }));
}

/** What the audit trail says that admins did to a person: without log-ins, and by whom and why. */
export async function actsOn(world: World, userId: string) {
  const events = await eventsOf(world.db, userId);
  return events
    .filter(({ actorId }) => actorId !== null)
    .map(({ type, actorId, sessionId, data }) => ({ type, actorId, sessionId, data }));
}
