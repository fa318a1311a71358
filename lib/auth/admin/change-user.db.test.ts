import { beforeEach, describe, expect, it } from "vitest";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import type { PersonChange } from "@/lib/contract/admin.ts";
import { actsOn, someAdmin } from "@/lib/testing/admins.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { insertPerson, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import { type Holder, openSession, someone, times } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { changeUser } from "./change-user.ts";

const world = createWorld();
const NOBODY = "0199c5a0-0000-7000-8000-000000000000";
const LAST = "The last active administrator stays one. Make somebody else an administrator first.";

const change = (by: Holder, userId: string, facts: PersonChange) =>
  changeUser(world.call({ principal: by }), { userId, change: facts });
const admins = async () => {
  const rows = await world.db.$client`select id from users where role = 'admin' and is_active order by id`;
  return rows.map(({ id }) => id as string);
};

let admin: Holder;
beforeEach(async () => {
  await world.db.$client`update users set role = 'user'`;
  admin = await someAdmin(world);
});

describe("1. an admin who stopped being one at this very moment", () => {
  it("changes nobody", async () => {
    const other = await someAdmin(world);
    const person = await someone(world);
    const [first, second] = await inLockOrder(world.db, { table: "users", id: admin.user.id }, [
      () => change(other, admin.user.id, { role: "user" }),
      () => change(admin, person.user.id, { role: "admin" }),
    ]);
    expect(first).toMatchObject({ kind: "shown", person: { role: "user" } });
    expect(second).toMatchObject({ code: "permission_denied" });
    expect(await userRow(world.db, person.user.id)).toMatchObject({ role: "user" });
  });
});

describe("3. nobody of that id", () => {
  it("is not found", async () => {
    expect(await change(admin, NOBODY, { name: "x" })).toMatchObject({ code: "not_found" });
  });
});

describe("4. the last active admin", () => {
  it("is neither demoted nor made inactive, by nobody and not by themselves", async () => {
    expect(await change(admin, admin.user.id, { role: "user" })).toEqual({
      kind: "invalid-fields",
      fields: { role: [LAST] },
    });
    expect(await change(admin, admin.user.id, { is_active: false, name: "New" })).toEqual({
      kind: "invalid-fields",
      fields: { is_active: [LAST] },
    });
    expect(await userRow(world.db, admin.user.id)).toMatchObject({ role: "admin", isActive: true, name: "" });
    expect(await sessionsOf(world.db, admin.user.id)).toMatchObject([{ revokedAt: null }]);
  });

  it("is not replaced by one who was only invited, or is inactive", async () => {
    await insertPerson(world.db, { role: "admin", emailVerifiedAt: null });
    await insertPerson(world.db, { role: "admin", isActive: false });
    expect(await change(admin, admin.user.id, { role: "user" })).toMatchObject({ kind: "invalid-fields" });
  });

  it("is left when two admins take each other's role at once", async () => {
    for (let round = 0; round < 10; round += 1) {
      await world.db.$client`update users set role = 'user'`;
      const [one, other] = [await someAdmin(world), await someAdmin(world)];
      const both = await Promise.all([
        change(one, other.user.id, { role: "user" }),
        change(other, one.user.id, { role: "user" }),
      ]);
      expect(both.map(({ kind }) => kind).sort()).toEqual(["failure", "shown"]);
      expect(await admins()).toHaveLength(1);
    }
  });

  it("is left when both give their role back at once, and when one deactivates while the other demotes", async () => {
    for (const [mine, theirs] of [
      [{ role: "user" }, { role: "user" }],
      [{ is_active: false }, { role: "user" }],
    ] as const) {
      await world.db.$client`update users set role = 'user'`;
      const [one, other] = [await someAdmin(world), await someAdmin(world)];
      const both = await Promise.all([change(one, one.user.id, mine), change(other, other.user.id, theirs)]);
      expect(both.map(({ kind }) => kind).sort()).toEqual(["invalid-fields", "shown"]);
      expect(await admins()).toHaveLength(1);
    }
  });

  it("is left when five admins deactivate everybody, themselves too, at once", async () => {
    const five = [admin, ...(await times(4, () => someAdmin(world)))];
    const pairs = five.flatMap((by) => five.map((whom) => [by, whom.user.id] as const));
    await Promise.all(pairs.map(([by, userId]) => change(by, userId, { is_active: false })));
    expect(await admins()).toHaveLength(1);
  });
});

describe("5. what is so already", () => {
  it("changes nothing and is not recorded", async () => {
    const { user, session } = await someone(world);
    const outcome = await change(admin, user.id, { is_active: true, role: "user", name: "" });
    expect(outcome).toMatchObject({ kind: "shown", person: { id: user.id, sessions: { outstanding: 1 } } });
    expect(await actsOn(world, user.id)).toEqual([]);
    expect(await sessionsOf(world.db, user.id)).toEqual([session]);
  });
});

describe("6. a change", () => {
  it("of everything at once is on record, one event a fact, with who did it and why", async () => {
    const { user } = await someone(world);
    const facts = { name: "Ada", role: "admin", is_active: false, reason: "left the company" } as const;
    expect(await change(admin, user.id, facts)).toEqual({
      kind: "shown",
      person: {
        id: user.id,
        email: user.email,
        name: "Ada",
        role: "admin",
        is_active: false,
        email_verified_at: user.emailVerifiedAt?.toISOString(),
        created_at: user.createdAt.toISOString(),
        last_login_at: world.clock.now().toISOString(),
        two_factor: expect.any(Object),
        sessions: { outstanding: 0, blacklisted: 1, expired: 0 },
      },
    });
    const acts = await actsOn(world, user.id);
    expect(acts.every(({ actorId }) => actorId === admin.user.id)).toBe(true);
    const why = "left the company";
    expect(acts.map(({ type, data }) => [type, data]).sort()).toEqual([
      ["session.revoked", { reason: "account_deactivated", why }],
      ["user.deactivated", { why }],
      ["user.renamed", { why }],
      ["user.role_changed", { role: "admin", from: "user", why }],
    ]);
  });

  it("to inactive ends the person's sessions at once, and nobody else's", async () => {
    const person = await someone(world);
    const stranger = await someone(world);
    await change(admin, person.user.id, { is_active: false });
    const ask = (holder: Holder) => authenticate(world.call(), holder.tokens.access);
    expect(await ask(person)).toMatchObject({ extra: { reason: "account_deactivated" } });
    expect(await ask(stranger)).toMatchObject({ kind: "authenticated" });
  });

  it("back to active gives back the account, not the sessions", async () => {
    const person = await someone(world);
    await change(admin, person.user.id, { is_active: false });
    expect(await change(admin, person.user.id, { is_active: true, reason: "came back" })).toMatchObject({
      person: { is_active: true, sessions: { outstanding: 0 } },
    });
    expect((await actsOn(world, person.user.id)).at(-1)).toMatchObject({ actorId: admin.user.id });
    expect(await authenticate(world.call(), person.tokens.access)).toMatchObject({
      kind: "failure",
    });
    await openSession(world.app, await userRow(world.db, person.user.id));
  });

  it("of a role holds for the very next call of an old token, both ways", async () => {
    const person = await someone(world);
    const role = async () => {
      const caller = await authenticate(world.call(), person.tokens.access);
      return caller.kind === "authenticated" ? caller.principal.user.role : caller.kind;
    };
    await change(admin, person.user.id, { role: "admin" });
    expect(await role()).toBe("admin");
    await change(admin, person.user.id, { role: "user" });
    expect(await role()).toBe("user");
  });

  it("does not touch what it does not name", async () => {
    const { user } = await someone(world);
    await writeUser(world.db, user.id, { wrongCodes: 3 });
    const before = await userRow(world.db, user.id);
    await change(admin, user.id, { name: "Grace" });
    expect(await userRow(world.db, user.id)).toEqual({
      ...before,
      name: "Grace",
      nameStart: "grace",
    });
  });
});
