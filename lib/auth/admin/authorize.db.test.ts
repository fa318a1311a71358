import { beforeAll, describe, expect, it } from "vitest";
import { instant } from "@/lib/clock.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { eventsOf, sessionRow, sessionsOf, userRow, writeSession, writeUser } from "@/lib/testing/records.ts";
import { type Holder, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { authenticate } from "../authenticate.ts";
import { RECENT_LOG_IN_SECONDS } from "../lifetimes.ts";
import type { Principal } from "../principal.ts";
import { changePerson } from "./change-person.ts";
import { inspectToken } from "./inspect-token.ts";
import { invitePerson } from "./invite-person.ts";
import { listAllSessions } from "./list-all-sessions.ts";
import { exportEvents, listEvents } from "./list-events.ts";
import { listPeople } from "./list-people.ts";
import { logOutPerson } from "./log-out-person.ts";
import { revokeSession } from "./revoke-session.ts";
import { countSessionsMatching, revokeSessionsMatching } from "./revoke-sessions-matching.ts";
import { showAnySession } from "./show-any-session.ts";
import { showPerson } from "./show-person.ts";

const world = createWorld();
const NO_QUERY = new URLSearchParams();
const denied = { kind: "failure", code: "permission_denied" };

let victim: Holder;
beforeAll(async () => {
  await someAdmin(world);
  victim = await someone(world);
});

type Act = (principal: Principal) => Promise<{ kind: string } | Failure>;
const now = () => world.clock.now();
const filter = { everyone: true } as const;

const reading: Record<string, Act> = {
  "list people": (who) => listPeople(world.app, who, NO_QUERY),
  "show a person": (who) => showPerson(world.app, who, victim.user.id, now()),
  "rename a person": (who) =>
    changePerson(world.app, who, { userId: victim.user.id, change: { name: "Mallory" } }, LAPTOP, now()),
  "list sessions": (who) => listAllSessions(world.app, who, NO_QUERY, now()),
  "show a session": (who) => showAnySession(world.app, who, victim.session.id, now()),
  "count sessions": (who) => countSessionsMatching(world.app, who, filter, now()),
  "inspect a token": (who) =>
    inspectToken(world.app, who, { by: "token", text: victim.tokens.refresh }, LAPTOP, now()),
  "list events": (who) => listEvents(world.app, who, NO_QUERY),
  "export events": (who) => exportEvents(world.app, who, NO_QUERY, LAPTOP, now()),
  "invite a person": (who) => invitePerson(world.app, who, { email: "new@example.com" }, LAPTOP, now()),
};

const hurting: Record<string, Act> = {
  "deactivate a person": (who) =>
    changePerson(world.app, who, { userId: victim.user.id, change: { is_active: false } }, LAPTOP, now()),
  "change a role": (who) =>
    changePerson(world.app, who, { userId: victim.user.id, change: { role: "admin" } }, LAPTOP, now()),
  "revoke a session": (who) => revokeSession(world.app, who, { sessionId: victim.session.id }, LAPTOP, now()),
  "revoke everybody's sessions": (who) =>
    revokeSessionsMatching(world.app, who, { filter, reason: "x" }, LAPTOP, now()),
  "log a person out": (who) => logOutPerson(world.app, who, { userId: victim.user.id }, LAPTOP, now()),
  "invite an admin": (who) =>
    invitePerson(world.app, who, { email: "new@example.com", role: "admin" }, LAPTOP, now()),
};

async function untouched(): Promise<void> {
  expect(await userRow(world.db, victim.user.id)).toMatchObject({ name: "", role: "user", isActive: true });
  expect(await sessionRow(world.db, victim.session.id)).toMatchObject({ revokedAt: null });
  const types = (await eventsOf(world.db, victim.user.id)).map(({ type }) => type);
  expect(types).toEqual(["login.succeeded"]);
}

describe.each(Object.entries({ ...reading, ...hurting }))("to %s", (_, act) => {
  it("is refused to a person who is no admin, and changes nothing", async () => {
    expect(await act(await someone(world))).toEqual(expect.objectContaining(denied));
    await untouched();
  });

  it("is refused to somebody who was an admin until a moment ago, with the token of then", async () => {
    const former = await someAdmin(world);
    const admitted = await authenticate(world.app, former.tokens.access, now());
    expect(admitted).toMatchObject({ principal: { user: { role: "admin" } } });
    await writeUser(world.db, former.user.id, { role: "user" });
    const caller = await authenticate(world.app, former.tokens.access, now());
    if (caller.kind === "failure") throw new Error("the session still stands");
    expect(await act(caller.principal)).toEqual(expect.objectContaining(denied));
    await untouched();
  });
});

describe.each(Object.entries(hurting))("to %s", (_, act) => {
  it("needs a recent log-in of the admin, and changes nothing without", async () => {
    const admin = await someAdmin(world);
    const session = { ...admin.session, authenticatedAt: instant(0) };
    await writeSession(world.db, session.id, { authenticatedAt: session.authenticatedAt });
    expect(await act({ user: admin.user, session })).toMatchObject({ code: "recent_login_required" });
    await untouched();
    expect(await sessionsOf(world.db, admin.user.id)).toMatchObject([{ revokedAt: null }]);
  });
});

it("ten minutes is recent, and not a moment more", async () => {
  const admin = await someAdmin(world);
  const act = () => logOutPerson(world.app, admin, { userId: admin.user.id }, LAPTOP, now());
  world.clock.advance(RECENT_LOG_IN_SECONDS);
  expect(await act()).toMatchObject({ code: "recent_login_required" });
  world.clock.advance(-0.001);
  expect(await act()).toEqual({ kind: "logged-out", count: 1 });
});
