import { beforeAll, describe, expect, it } from "vitest";
import { LOOKED_AT } from "@/db/queries/keyset.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import { NIL_UUID } from "@/lib/base/crypto.ts";
import { EventListFilter } from "@/lib/contract/admin-filters.ts";
import { withListQuery } from "@/lib/http/request/list-query.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { insertPerson } from "@/lib/testing/records.ts";
import { type Holder, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { exportEvents, listEvents } from "./list-events.ts";
import { revokeSession } from "./revoke-session.ts";

const world = createWorld();
const now = () => world.clock.now();

let admin: Holder;
beforeAll(async () => {
  admin = await someAdmin(world);
});

const ask = (query: Record<string, string> | string) =>
  withListQuery(new URLSearchParams(query), EventListFilter, (asked) =>
    listEvents(world.call({ principal: admin }), asked),
  );

const askFile = (query: Record<string, string> | string) =>
  withListQuery(new URLSearchParams(query), EventListFilter, (asked) =>
    exportEvents(world.call({ principal: admin, now: now() }), asked),
  );

async function list(query: Record<string, string> = {}) {
  const outcome = await ask(query);
  if (outcome.kind !== "listed") throw new Error(JSON.stringify(outcome));
  return outcome.page;
}

async function walk(query: Record<string, string>, between = async () => {}) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ ...query, ...(cursor && { cursor }) });
    pages.push(page.results.map(({ id }) => id));
    cursor = page.next;
    await between();
  } while (cursor);
  return pages;
}

async function exported(query: Record<string, string> = {}) {
  const outcome = await askFile(query);
  if (outcome.kind !== "exported") throw new Error(JSON.stringify(outcome));
  return outcome;
}

describe("what it says of an event", () => {
  it("is who did what to whom, when, where and why", async () => {
    const { user, session } = await someone(world);
    await revokeSession(world.call({ principal: admin, now: now() }), {
      sessionId: session.id,
      why: "stolen",
    });
    const [latest] = (await list({ user: user.id, type: "session.revoked" })).results;
    expect(latest).toEqual({
      id: expect.any(String),
      type: "session.revoked",
      created_at: now().toISOString(),
      user: { id: user.id, email: user.email },
      actor: { id: admin.user.id, email: admin.user.email },
      session_id: session.id,
      ip: LAPTOP.ip,
      browser: "Firefox",
      os: "Linux",
      data: { reason: "revoked_by_admin", why: "stolen" },
    });
  });

  it("of a person without an account any more is their id", async () => {
    await recordEvents(world.db, [{ type: "user.deleted", userId: NIL_UUID }], now());
    expect((await list({ user: NIL_UUID })).results).toMatchObject([
      { type: "user.deleted", user: { id: NIL_UUID, email: null }, actor: null, ip: null, browser: null },
    ]);
  });
});

describe("a filter", () => {
  it("by person, type and time shows what fits all of it; the end is not meant any more", async () => {
    const user = await insertPerson(world.db);
    const begin = instant("2026-02-01T00:00:00.000Z");
    for (const [index, type] of (["code.wrong", "login.failed", "code.wrong"] as const).entries()) {
      await recordEvents(world.db, [{ type, userId: user.id }], secondsAfter(begin, index));
    }
    const times = async (query: Record<string, string>) =>
      (await list({ user: user.email, ...query })).results.map(({ created_at: at }) => at.slice(17, 19));
    expect(await times({})).toEqual(["02", "01", "00"]);
    expect(await times({ type: "code.wrong" })).toEqual(["02", "00"]);
    expect(await times({ from: "2026-02-01T00:00:01Z" })).toEqual(["02", "01"]);
    expect(await times({ to: "2026-02-01T00:00:01.000Z" })).toEqual(["00"]);
    expect(await times({ from: "2026-02-01T01:00:01+01:00", to: "2026-02-01T00:00:02Z" })).toEqual(["01"]);
    expect(await times({ from: "2026-02-01" })).toEqual(["02", "01", "00"]);
    expect(await times({ to: "2026-02-01" })).toEqual([]);
    expect(await times({ from: "2026-02-01T00:00:02Z", to: "2026-02-01T00:00:00Z" })).toEqual([]);
    expect(await list({ user: "nobody@example.com" })).toEqual({ results: [], next: null });
  });

  it("by who did it shows what they did to anybody, alone and with whom and what", async () => {
    const [actor, other] = [await insertPerson(world.db), await insertPerson(world.db)];
    const [one, two] = [await insertPerson(world.db), await insertPerson(world.db)];
    const did = (userId: string, type: "user.renamed" | "user.deactivated", actorId = actor.id) =>
      recordEvents(world.db, [{ type, userId, actorId }], now());
    await did(one.id, "user.renamed");
    await did(two.id, "user.deactivated");
    await did(one.id, "user.renamed", other.id);
    await recordEvents(world.db, [{ type: "code.wrong", userId: actor.id }], now());
    const found = async (query: Record<string, string>) =>
      (await list(query)).results.map(({ type, user }) => [type, user?.id]).sort();
    const both = [
      ["user.deactivated", two.id],
      ["user.renamed", one.id],
    ];
    expect(await found({ actor: actor.id })).toEqual(both);
    expect(await found({ actor: actor.email })).toEqual(both);
    expect(await found({ actor: actor.id, type: "user.renamed" })).toEqual([["user.renamed", one.id]]);
    expect(await found({ actor: actor.id, user: two.id })).toEqual([["user.deactivated", two.id]]);
    expect(await found({ actor: actor.id, user: two.id, type: "user.renamed" })).toEqual([]);
    expect(await found({ actor: actor.id, to: now().toISOString() })).toEqual([]);
    expect(await found({ actor: "nobody@example.com" })).toEqual([]);
    const { csv } = await exported({ actor: actor.email });
    expect(csv.match(/^[^,]+,user\./gm)).toHaveLength(2);
  });

  it.each([
    "type=x",
    "type=login",
    "from=yesterday",
    "from=2026-02-30",
    "from=2026-2-1",
    "from=0000-12-31",
    "from=0000-01-01T00:00:00Z",
    "from=0001-01-01T00:00:00%2B23:59",
    "to=9999-12-31T23:59:59-23:59",
    "to=2026-02-30T00:00:00Z",
    "user=x",
    "actor=x",
    "cursor=x",
    "limit=1000",
    "limit=5&limit=5",
  ])("%s is refused, as a list and as a file", async (query) => {
    const refused = { kind: "failure", code: "bad_request" };
    expect(await ask(query)).toMatchObject(refused);
    expect(await askFile(query)).toMatchObject(refused);
  });
});

describe("pages", () => {
  it("show each event once and in order, though others come in between", async () => {
    const user = await insertPerson(world.db);
    const event = { type: "code.wrong", userId: user.id } as const;
    for (let n = 0; n < 10; n += 1)
      await recordEvents(world.db, Array(3).fill(event), secondsAfter(now(), n));
    world.clock.advance(60);
    const before = (await list({ user: user.id, limit: "100" })).results.map(({ id }) => id);
    const pages = await walk({ user: user.id, limit: "4" }, () => recordEvents(world.db, [event], now()));
    expect(pages.flat()).toEqual(before);
    expect(before).toHaveLength(30);
  });

  it("of one admin and one rare type are bounded, and lead on to it", async () => {
    const actorId = (await insertPerson(world.db)).id;
    const at = secondsAfter(now(), -600);
    await recordEvents(world.db, [{ type: "user.created", actorId }], at);
    const many = Array(LOOKED_AT / 4).fill({ type: "token.inspected", actorId });
    for (let n = 1; n <= 4; n += 1) await recordEvents(world.db, many, secondsAfter(at, n));
    const pages = await walk({ actor: actorId, type: "user.created" });
    expect(pages.map(({ length }) => length)).toEqual([0, 1]);
  });

  it("of one person and one rare type are bounded, and lead on to it", async () => {
    const user = await insertPerson(world.db);
    const at = secondsAfter(now(), -600);
    await recordEvents(world.db, [{ type: "user.created", userId: user.id }], at);
    const many = Array(LOOKED_AT / 4).fill({ type: "login.failed", userId: user.id });
    for (let n = 1; n <= 4; n += 1) await recordEvents(world.db, many, secondsAfter(at, n));
    const pages = await walk({ user: user.id, type: "user.created" });
    expect(pages.map(({ length }) => length)).toEqual([0, 1]);
  });
});

describe("the file", () => {
  it("has a line for each event, newest first, under a header, and leaves a line in the trail", async () => {
    const user = await insertPerson(world.db, { email: "csv@example.com" });
    await recordEvents(world.db, [{ type: "code.wrong", userId: user.id, data: { tries: 2 } }], now());
    const { csv, next } = await exported({ user: user.id });
    const [{ id } = { id: "" }] = (await list({ user: user.id })).results;
    expect(csv.split("\r\n")).toEqual([
      "id,type,created_at,user_id,user_email,actor_id,actor_email,session_id,ip,browser,os,data",
      `${id},code.wrong,${now().toISOString()},${user.id},csv@example.com,,,,,,,"{""tries"":2}"`,
      "",
    ]);
    expect(next).toBeNull();
    const [line] = (await list({ type: "events.exported" })).results;
    expect(line).toMatchObject({ actor: { id: admin.user.id }, user: null, data: { count: 1 } });
  });

  it("an address that begins like a formula is defused", async () => {
    const user = await insertPerson(world.db, { email: "=cmd+1@example.com" });
    await recordEvents(world.db, [{ type: "code.wrong", userId: user.id }], now());
    expect((await exported({ user: user.id })).csv).toContain(",'=cmd+1@example.com,");
  });
});
