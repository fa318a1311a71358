import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordStatements } from "@/bench/kit/statements.ts";
import { type Database, openDatabase } from "@/db/client.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { findSession, findSessionWithOwner } from "./sessions.ts";

const world = createWorld();
let unprepared: Database;

beforeAll(() => {
  const { db, close } = openDatabase(world.connection, { maxConnections: 4, prepare: false });
  unprepared = db;
  afterAll(close);
});

describe.each([
  ["prepared statements", () => world.db],
  ["DATABASE_PREPARE=off", () => unprepared],
])("look-ups of one moment, with %s", (_, db) => {
  it("twenty people ask at once: five round trips, and each is told of their own session", async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => someone(world)));
    const calls = () =>
      Promise.all(
        people.map(async ({ session, user }) => {
          expect(await findSessionWithOwner(db(), session)).toMatchObject({
            session: { id: session.id, userId: user.id },
            user: { id: user.id, email: user.email },
          });
        }),
      );
    await calls();
    const sent = await recordStatements(db(), calls);
    const sizes = sent.map(({ parameters }) => (parameters[0] as string[]).length);
    expect(sizes.sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 16]);
  });

  it("someone who asks for nothing that exists, or for no id at all, spoils no other's answer", async () => {
    const { session } = await someone(world);
    const { userId } = session;
    const alone = Array.from({ length: 4 }, () => session.id);
    const ids = [...alone, session.id, randomUUID(), "'; drop table sessions", "", session.id.toUpperCase()];
    const found = await Promise.all(ids.map((id) => findSession(db(), { id, userId })));
    expect(found.map((one) => one?.session.id)).toEqual([
      ...alone,
      session.id,
      undefined,
      undefined,
      undefined,
      session.id,
    ]);
  });

  it("a session is found under its own person only, also where both ids are asked for at once", async () => {
    const [one, other] = [await someone(world), await someone(world)];
    const asked = [
      one.session,
      { id: one.session.id, userId: other.user.id },
      { id: other.session.id, userId: one.user.id },
      { id: one.session.id, userId: "nobody" },
      { id: one.session.id, userId: one.user.id.toUpperCase() },
      other.session,
    ];
    const found = await Promise.all(asked.map((owned) => findSession(db(), owned)));
    expect(found.map((row) => row?.session.id)).toEqual([
      one.session.id,
      undefined,
      undefined,
      undefined,
      one.session.id,
      other.session.id,
    ]);
  });
});

describe("a logged-in call under load", () => {
  it("a session that was logged out a moment ago opens nothing, however many ask meanwhile", async () => {
    const holder = await someone(world);
    const others = await Promise.all(Array.from({ length: 8 }, () => openSession(world.app, holder.user)));
    const ask = (access: string) => authenticate({ app: world.app, now: world.clock.now() }, access);
    const crowd = Promise.all(
      others.flatMap(({ tokens }) => [ask(tokens.access), ask(holder.tokens.access)]),
    );
    await logOut(
      { app: world.app, device: LAPTOP, now: world.clock.now() },
      { access: holder.tokens.access, refresh: null },
    );
    const after = Promise.all([ask(holder.tokens.access), ...others.map(({ tokens }) => ask(tokens.access))]);
    await crowd;
    const [gone, ...kept] = await after;
    expect(gone).toMatchObject({ kind: "failure" });
    expect(kept.every(({ kind }) => kind === "authenticated")).toBe(true);
  });

  it("two tabs of one person, asking together, each get an answer", async () => {
    const { tokens, session } = await someone(world);
    const calls = Array.from({ length: 10 }, () =>
      authenticate({ app: world.app, now: world.clock.now() }, tokens.access),
    );
    for (const answer of await Promise.all(calls)) {
      expect(answer).toMatchObject({ kind: "authenticated", principal: { session: { id: session.id } } });
    }
  });
});
