import { beforeAll, describe, expect, it } from "vitest";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { instant } from "@/lib/base/clock.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { someApplication } from "@/lib/testing/opened-applications.ts";
import { eventsOf, sessionRow, sessionsOf, userRow, writeSession, writeUser } from "@/lib/testing/records.ts";
import { type Holder, someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { addApplication } from "./add-application.ts";
import { changeUser } from "./change-user.ts";
import { inspectToken } from "./inspect-token.ts";
import { inviteUser } from "./invite-user.ts";
import { listAllSessions } from "./list-all-sessions.ts";
import { listApplications, showApplication } from "./list-applications.ts";
import { exportEvents, listEvents } from "./list-events.ts";
import { listUsers } from "./list-users.ts";
import { logOutUser } from "./log-out-user.ts";
import { removeApplication } from "./remove-application.ts";
import { replaceSecret } from "./replace-secret.ts";
import { revokeSession } from "./revoke-session.ts";
import { countSessionsMatching, revokeSessionsMatching } from "./revoke-sessions-matching.ts";
import { showAnySession } from "./show-any-session.ts";
import { showUser } from "./show-user.ts";

const TEN_MINUTES = 10 * 60;

const world = createWorld();
const ASKED = { limit: 25, filter: {} };
const denied = { kind: "failure", code: "permission_denied" };

let victim: Holder;
let clientId: string;
beforeAll(async () => {
  clientId = (await someApplication(world.app)).client_id;
  await someAdmin(world);
  victim = await someone(world);
});

type Act = (principal: Principal) => Promise<{ kind: string } | Failure>;
const now = () => world.clock.now();
const filter = { everyone: true } as const;

const reading: Record<string, Act> = {
  "list people": (who) => listUsers(world.call({ principal: who }), ASKED),
  "show a person": (who) => showUser(world.call({ principal: who, now: now() }), victim.user.id),
  "rename a person": (who) =>
    changeUser(world.call({ principal: who, now: now() }), {
      userId: victim.user.id,
      change: { name: "Mallory" },
    }),
  "list sessions": (who) => listAllSessions(world.call({ principal: who, now: now() }), ASKED),
  "show a session": (who) => showAnySession(world.call({ principal: who, now: now() }), victim.session.id),
  "count sessions": (who) => countSessionsMatching(world.call({ principal: who, now: now() }), filter),
  "inspect a token": (who) =>
    inspectToken(world.call({ principal: who, now: now() }), { by: "token", text: victim.tokens.refresh }),
  "list applications": (who) => listApplications(world.call({ principal: who })),
  "show an application": (who) => showApplication(world.call({ principal: who }), clientId),
  "list events": (who) => listEvents(world.call({ principal: who }), ASKED),
  "invite a person": (who) =>
    inviteUser(world.call({ principal: who, now: now() }), { email: "new@example.com" }),
};

const hurting: Record<string, Act> = {
  "export events": (who) => exportEvents(world.call({ principal: who, now: now() }), ASKED),
  "deactivate a person": (who) =>
    changeUser(world.call({ principal: who, now: now() }), {
      userId: victim.user.id,
      change: { is_active: false },
    }),
  "change a role": (who) =>
    changeUser(world.call({ principal: who, now: now() }), {
      userId: victim.user.id,
      change: { role: "admin" },
    }),
  "revoke a session": (who) =>
    revokeSession(world.call({ principal: who, now: now() }), { sessionId: victim.session.id }),
  "revoke everybody's sessions": (who) =>
    revokeSessionsMatching(world.call({ principal: who, now: now() }), { filter, reason: "x" }),
  "log a person out": (who) =>
    logOutUser(world.call({ principal: who, now: now() }), { userId: victim.user.id }),
  "add an application": (who) =>
    addApplication(world.call({ principal: who }), {
      name: "Theirs",
      redirect_addresses: ["https://evil.example/"],
    }),
  "give an application a new secret": (who) => replaceSecret(world.call({ principal: who }), { clientId }),
  "remove an application": (who) => removeApplication(world.call({ principal: who }), { clientId }),
  "invite an admin": (who) =>
    inviteUser(world.call({ principal: who, now: now() }), { email: "new@example.com", role: "admin" }),
};

async function untouched(): Promise<void> {
  expect(await userRow(world.db, victim.user.id)).toMatchObject({ name: "", role: "user", isActive: true });
  expect(await sessionRow(world.db, victim.session.id)).toMatchObject({ revokedAt: null });
  const types = (await eventsOf(world.db, victim.user.id)).map(({ type }) => type);
  expect(types).toEqual(["login.succeeded"]);
  const applications = await world.db.$client`select id, previous_secret_hash from applications`;
  expect([...applications]).toEqual([{ id: clientId, previous_secret_hash: null }]);
}

describe.each(Object.entries({ ...reading, ...hurting }))("to %s", (_, act) => {
  it("is refused to a person who is no admin, and changes nothing", async () => {
    expect(await act(await someone(world))).toEqual(expect.objectContaining(denied));
    await untouched();
  });

  it("is refused to somebody who was an admin until a moment ago, with the token of then", async () => {
    const former = await someAdmin(world);
    const admitted = await authenticate(world.call({ now: now() }), former.tokens.access);
    expect(admitted).toMatchObject({ principal: { user: { role: "admin" } } });
    await writeUser(world.db, former.user.id, { role: "user" });
    const caller = await authenticate(world.call({ now: now() }), former.tokens.access);
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
  const act = () => logOutUser(world.call({ principal: admin, now: now() }), { userId: admin.user.id });
  world.clock.advance(TEN_MINUTES);
  expect(await act()).toMatchObject({ code: "recent_login_required" });
  world.clock.advance(-0.001);
  expect(await act()).toEqual({ kind: "logged-out", count: 1 });
});
