import { describe, expect, it } from "vitest";
import { findSession } from "@/db/queries/sessions.ts";
import { logIn } from "@/lib/auth/log-in/log-in.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { createWorld, LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { deactivateUser } from "./deactivate-user.ts";
import { listUsers } from "./list-users.ts";

const world = createWorld();
const deactivate = (userId: string) => deactivateUser(world.call(), { userId });
const activeAdmins = async () =>
  (await listUsers(world.app)).filter(({ role, is_active }) => role === "admin" && is_active);

describe("1. the last active admin", () => {
  it("stays active and logged in, whoever else has an account", async () => {
    const admin = await world.person({ role: "admin" });
    await world.person();
    const { session } = await world.session(admin);
    expect(await deactivate(admin.id)).toEqual({ kind: "last-admin" });
    expect((await activeAdmins()).map(({ id }) => id)).toEqual([admin.id]);
    expect(await findSession(world.db, session)).toMatchObject({
      session: { revokedAt: null },
      isActive: true,
    });
  });

  it("is one of the last two whom two calls deactivate at the same moment", async () => {
    for (let round = 0; round < 10; round += 1) {
      await world.person({ role: "admin" });
      const [one, other] = await activeAdmins();
      const both = await Promise.all([deactivate(String(one?.id)), deactivate(String(other?.id))]);
      expect(both.map(({ kind }) => kind).sort()).toEqual(["deactivated", "last-admin"]);
      expect(await activeAdmins()).toHaveLength(1);
    }
  });

  it("is left by any number of calls for any number of admins", async () => {
    const more = Array.from({ length: 5 }, () => world.person({ role: "admin" }));
    await Promise.all(more);
    const admins = await activeAdmins();
    await Promise.all([...admins, ...admins.reverse()].map(({ id }) => deactivate(id)));
    expect(await activeAdmins()).toHaveLength(1);
  });
});

describe("2. unchanged", () => {
  it("is the answer for a person who is inactive already, and for nobody", async () => {
    const { id } = await world.person();
    const both = await Promise.all([deactivate(id), deactivate(id)]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["deactivated", "unchanged"]);
    expect(await deactivate("00000000-0000-4000-8000-000000000000")).toEqual({ kind: "unchanged" });
  });
});

describe("3. deactivated", () => {
  it("ends every session with its reason, and nobody else's", async () => {
    const person = await world.person();
    const first = await world.session(person);
    const second = await world.session(person);
    const stranger = await world.session(await world.person());
    expect(await deactivate(person.id)).toEqual({ kind: "deactivated", endedSessions: 2 });
    for (const { session } of [first, second]) {
      const found = await findSession(world.db, session);
      expect(found?.session.revokedReason).toBe("account_deactivated");
    }
    const input = { delivery: "json", retryKey: null, device: LAPTOP } as const;
    const refresh = (token: string) => refreshSession(world.call(), { ...input, token });
    expect(await refresh(first.tokens.refresh)).toMatchObject({ extra: { reason: "account_deactivated" } });
    expect(await refresh(stranger.tokens.refresh)).toMatchObject({ kind: "refreshed" });
  });

  it("leaves no session to log-ins of the same moment", async () => {
    const person = await world.person();
    const enter = () => logIn(world.call(), { email: person.email, password: PASSWORD });
    const logIns = Array.from({ length: 6 }, enter);
    await Promise.race(logIns);
    await deactivate(person.id);
    for (const entered of await Promise.all(logIns)) {
      if (entered.kind !== "logged-in") continue;
      const found = await findSession(world.db, entered.session);
      expect(found?.session.revokedReason).toBe("account_deactivated");
    }
  });

  it("is on record with who did it, each session's end too", async () => {
    const [admin] = await activeAdmins();
    const person = await world.person();
    await world.session(person);
    await deactivateUser(world.call(), { userId: person.id, actorId: String(admin?.id) });
    const rows = await world.db.$client`
      select type, data from audit_events where user_id = ${person.id} and actor_id = ${String(admin?.id)} order by type`;
    expect([...rows]).toEqual([
      { type: "session.revoked", data: { reason: "account_deactivated" } },
      { type: "user.deactivated", data: {} },
    ]);
  });
});
