import { describe, expect, it } from "vitest";
import { users } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { logIn } from "@/lib/auth/log-in/log-in.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { eventsOf, sessionsOf, userRow } from "@/lib/testing/records.ts";
import { quickPasswords } from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";
import { createWorld, PASSWORD } from "@/lib/testing/world.ts";
import { createUser, type NewUser } from "./create-user.ts";

const world = createWorld();
const quick = (): App => ({ ...world.app, passwords: quickPasswords });
const create = (facts: Partial<NewUser> & { email: string }, app: App = quick()) =>
  createUser(world.call({ app }), { password: PASSWORD, ...facts });
const someAddress = () => `kim.${randomToken(6)}@example.com`;
const countUsers = () => world.db.$count(users);

describe("1. an address or a password that the rules refuse", () => {
  it.each([
    "",
    "kim",
    "kim@localhost",
    "kim@example.com\r\nBcc: eve@evil.example",
    "kim@[127.0.0.1]",
    '"kim"@example.com',
  ])("says so of the address %j, and makes nobody", async (email) => {
    const before = await countUsers();
    expect(await create({ email })).toEqual({
      kind: "invalid-fields",
      fields: { email: ["Enter a valid email address."] },
    });
    expect(await countUsers()).toBe(before);
  });

  it.each([
    ["short", "zq7 kv!"],
    ["common", "password"],
    ["the address itself", "kim.lovelace@example.com"],
    ["what stands before the @", "kim.lovelace"],
    ["the name", "Kim Lovelace"],
  ])("says so of a password that is %s, and makes nobody", async (_, password) => {
    const before = await countUsers();
    const outcome = await create({ email: "kim.lovelace@example.com", name: "Kim Lovelace", password });
    expect(outcome).toEqual({ kind: "invalid-fields", fields: { password: [expect.any(String)] } });
    expect(await countUsers()).toBe(before);
  });
});

describe("2. hashing is busy", () => {
  it("is unavailable, and nobody is made", async () => {
    const before = await countUsers();
    const busy: App = {
      ...world.app,
      passwords: { ...quickPasswords, hash: async () => ({ kind: "busy" }) },
    };
    expect(await create({ email: someAddress() }, busy)).toEqual({ kind: "failure", code: "unavailable" });
    expect(await countUsers()).toBe(before);
  });
});

describe("3. the address has an account", () => {
  it.each([
    ["as it is", (email: string) => email],
    ["in capitals", (email: string) => email.toUpperCase()],
    ["with white space around it", (email: string) => ` ${email}\n`],
  ])("%s: taken, and that account stays as it was", async (_, change) => {
    const made = await create({ email: someAddress() });
    if (made.kind !== "created") throw new Error(made.kind);
    const before = await userRow(world.db, made.user.id);
    const events = await eventsOf(world.db, made.user.id);
    world.clock.advance(60);
    const again = await create({
      email: change(made.user.email),
      password: "another horse battery",
      name: "Eve",
      role: "admin",
    });
    expect(again).toEqual({ kind: "taken" });
    expect(await userRow(world.db, made.user.id)).toEqual(before);
    expect(await eventsOf(world.db, made.user.id)).toEqual(events);
  });

  it("of twenty at once, in any case, one is made", async () => {
    const email = someAddress();
    const before = await countUsers();
    const outcomes = await times(20, (index) => create({ email: index % 2 ? email : email.toUpperCase() }));
    expect(outcomes.filter(({ kind }) => kind === "created")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === "taken")).toHaveLength(19);
    expect(await countUsers()).toBe(before + 1);
  });

  it("one international address in two spellings is one account", async () => {
    const name = `kim.${randomToken(6)}`;
    expect(await create({ email: `${name}@müller.example` })).toMatchObject({ kind: "created" });
    expect(await create({ email: `${name}@xn--mller-kva.example` })).toEqual({ kind: "taken" });
  });
});

describe("4. the new person", () => {
  it("is as asked, proven by the operator's word, with a hash and never the password", async () => {
    const email = someAddress();
    const made = await create(
      {
        email: ` ${email.replace("example.com", "EXAMPLE.com")} `,
        name: "Kim",
        role: "admin",
        twoFactorEmail: false,
      },
      world.app,
    );
    if (made.kind !== "created") throw new Error(made.kind);
    const row = await userRow(world.db, made.user.id);
    expect(row).toEqual(made.user);
    expect(row).toMatchObject({
      email,
      name: "Kim",
      role: "admin",
      isActive: true,
      emailVerifiedAt: world.clock.now(),
      createdAt: world.clock.now(),
      lastLoginAt: null,
      twoFactorEmail: false,
      passwordHash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
    });
    expect(await sessionsOf(world.db, made.user.id)).toEqual([]);
    const [event, ...more] = await eventsOf(world.db, made.user.id);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ type: "user.created", data: { role: "admin" }, actorId: null });
    expect(JSON.stringify(event)).not.toContain(PASSWORD);
    const input = { email, password: PASSWORD };
    expect(await logIn(world.call(), input)).toMatchObject({ kind: "logged-in" });
  });

  it("has no name, the role user and the second step that TWO_FACTOR_DEFAULT says, unless asked otherwise", async () => {
    const passwords = quickPasswords;
    for (const [setting, twoFactorEmail] of [
      ["email", true],
      ["off", false],
    ] as const) {
      const app = { ...(await world.with({ TWO_FACTOR_DEFAULT: setting })), passwords };
      expect(await create({ email: someAddress() }, app)).toMatchObject({
        kind: "created",
        user: { name: "", role: "user", twoFactorEmail },
      });
      expect(await create({ email: someAddress(), twoFactorEmail: !twoFactorEmail }, app)).toMatchObject({
        user: { twoFactorEmail: !twoFactorEmail },
      });
    }
  });

  it("can have any password from 8 to 128 characters, whatever they are made of", async () => {
    for (const password of ["zebra um", "🔑🚪🏠🌳".repeat(32), "ПравильнаяЛошадь", "  spaces  around  "]) {
      const email = someAddress();
      expect(await create({ email, password, twoFactorEmail: false }, world.app)).toMatchObject({
        kind: "created",
      });
      expect(await logIn(world.call(), { email, password })).toMatchObject({
        kind: "logged-in",
      });
    }
  });
});
