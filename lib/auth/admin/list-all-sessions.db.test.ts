import { beforeAll, describe, expect, it } from "vitest";
import { LOOKED_AT } from "@/db/queries/keyset.ts";
import { revokedReasons } from "@/db/schema.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { SessionListFilter } from "@/lib/contract/admin-filters.ts";
import { withListQuery } from "@/lib/http/request/list-query.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { openFrom, someApplication } from "@/lib/testing/opened-applications.ts";
import { insertPerson, insertSessions, sessionRow, writeSession, writeUser } from "@/lib/testing/records.ts";
import { claimsOf, type Holder, openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { listAllSessions } from "./list-all-sessions.ts";
import { showAnySession } from "./show-any-session.ts";
import { showUser } from "./show-user.ts";

const world = createWorld();
const DAY = 24 * 60 * 60;
const NOBODY = "0199c5a0-0000-7000-8000-000000000000";

let admin: Holder;
beforeAll(async () => {
  admin = await someAdmin(world);
});

const ask = (query: Record<string, string> | string) =>
  withListQuery(new URLSearchParams(query), SessionListFilter, (asked) =>
    listAllSessions(world.call({ principal: admin }), asked),
  );

async function list(query: Record<string, string> = {}) {
  const outcome = await ask(query);
  if (outcome.kind !== "listed") throw new Error(JSON.stringify(outcome));
  return outcome.page;
}

/** Every page in turn, by ids; `between` happens after each. */
async function walk(query: Record<string, string>, between = async () => {}) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ ...query, ...(cursor && { cursor }) });
    pages.push(page.results.map(({ id }) => id));
    cursor = page.next;
    if (pages.length > 200) throw new Error("the pages never end");
    await between();
  } while (cursor);
  return pages;
}

/** A new person with one live session, an expired one, and one for each way to end: by ids. */
async function withEvery() {
  const user = await insertPerson(world.db);
  const count = 2 + revokedReasons.length;
  const ids = await insertSessions(world.db, user, count, secondsAfter(world.clock.now(), -60));
  const [live = "", expired = "", ...ended] = ids;
  await writeSession(world.db, expired, { idleExpiresAt: world.clock.now() });
  const byReason: Record<string, string> = {};
  for (const [index, reason] of revokedReasons.entries()) {
    byReason[reason] = ended[index] ?? "";
    await writeSession(world.db, byReason[reason], {
      revokedAt: world.clock.now(),
      revokedReason: reason,
    });
  }
  return { user, live, expired, byReason, newestFirst: [...ids].reverse() };
}

const idsOf = (page: { results: { id: string }[] }) => page.results.map(({ id }) => id);

describe("what it says of a session", () => {
  it("is exactly this: of its newest token the name, and never the token", async () => {
    const { user, session, tokens } = await someone(world);
    world.clock.advance(60);
    const device = { ip: "198.51.100.4", userAgent: LAPTOP.userAgent };
    const input = { token: tokens.refresh, delivery: "json", retryKey: null, device } as const;
    const next = await refreshSession(world.call(), input);
    if (next.kind !== "refreshed") throw new Error(next.kind);
    const shown = {
      id: session.id,
      user: { id: user.id, email: user.email, name: "" },
      state: "outstanding",
      jti: claimsOf(next.tokens.refresh ?? "").jti,
      generation: 2,
      issued_at: world.clock.now().toISOString(),
      expires_at: secondsAfter(world.clock.now(), 3 * DAY).toISOString(),
      created_at: session.createdAt.toISOString(),
      last_seen_at: world.clock.now().toISOString(),
      ip: "198.51.100.4",
      browser: "Firefox",
      os: "Linux",
      device: "desktop",
      location: null,
      amr: ["pwd"],
      application: null,
      opened_by: null,
      revoked_at: null,
      reason: null,
    };
    expect((await list({ user: user.id })).results).toEqual([shown]);
    const alone = await showAnySession(world.call({ principal: admin }), session.id);
    expect(alone).toEqual({ kind: "shown", session: shown });
    const missing = await showAnySession(world.call({ principal: admin }), NOBODY);
    expect(missing).toMatchObject({ code: "not_found" });
  });

  it("tells of each ended one why", async () => {
    const { user, expired, byReason } = await withEvery();
    const { results } = await list({ user: user.id });
    const told = Object.fromEntries(results.map(({ id, state, reason }) => [id, { state, reason }]));
    expect(told[expired]).toEqual({ state: "expired", reason: "expired" });
    for (const [reason, id] of Object.entries(byReason)) {
      expect(told[id]).toEqual({ state: "blacklisted", reason });
    }
  });
});

describe("a filter", () => {
  it("by person, by id or by address in any case, shows theirs, the newest log-in first", async () => {
    const { user, newestFirst } = await withEvery();
    for (const reference of [
      user.id,
      user.email,
      user.email.toUpperCase().replace("@EXAMPLE.COM", "@example.com"),
    ]) {
      expect(idsOf(await list({ user: reference }))).toEqual(newestFirst);
    }
    expect(await list({ user: "nobody@example.com" })).toEqual({ results: [], next: null });
    expect(await list({ user: NOBODY })).toEqual({ results: [], next: null });
  });

  it("by state, alone and with a person, shows those in it and no other", async () => {
    const { user, live, expired, byReason } = await withEvery();
    const ended = Object.values(byReason).reverse();
    for (const [state, ids] of Object.entries({
      outstanding: [live],
      expired: [expired],
      blacklisted: ended,
    })) {
      expect(idsOf(await list({ user: user.id, state }))).toEqual(ids);
      const all = (await walk({ state, limit: "100" })).flat();
      expect(all).toEqual(expect.arrayContaining(ids));
      const others = [live, expired, ...ended].filter((id) => !ids.includes(id));
      expect(all.filter((id) => others.includes(id))).toEqual([]);
    }
  });

  it("agrees with what is shown of somebody who was made inactive by hand, whose sessions were not ended", async () => {
    const { user, live, expired, byReason, newestFirst } = await withEvery();
    await writeUser(world.db, user.id, { isActive: false });
    const blacklisted = newestFirst.filter((id) => id !== expired);
    for (const [state, ids] of Object.entries({ outstanding: [], expired: [expired], blacklisted })) {
      const page = await list({ user: user.id, state });
      expect(idsOf(page)).toEqual(ids);
      expect(page.results.filter((shown) => shown.state !== state)).toEqual([]);
    }
    const closed = { user: user.id, reason: "account_deactivated" };
    expect(idsOf(await list(closed)).sort()).toEqual([live, byReason.account_deactivated].sort());
    const shown = await showUser(world.call({ principal: admin }), user.id);
    const sessions = { outstanding: 0, expired: 1, blacklisted: blacklisted.length };
    expect(shown).toMatchObject({ person: { sessions } });
  });

  it("by reason shows those that ended so; the reason expired is the state", async () => {
    const { user, expired, byReason } = await withEvery();
    for (const [reason, id] of Object.entries({ ...byReason, expired })) {
      expect(idsOf(await list({ user: user.email, reason }))).toEqual([id]);
      expect((await walk({ reason, limit: "100" })).flat()).toContain(id);
    }
    expect(idsOf(await list({ user: user.id, state: "blacklisted", reason: "replaced" }))).toEqual([
      byReason.replaced,
    ]);
    for (const state of ["outstanding", "expired"]) {
      expect(await list({ state, reason: "replaced" })).toEqual({ results: [], next: null });
    }
    expect(await list({ state: "outstanding", reason: "expired" })).toEqual({ results: [], next: null });
  });

  it("by address or network shows those last seen there", async () => {
    const { user } = await someone(world);
    const at = async (ip: string) => (await openSession(world.app, user, { ...LAPTOP, ip })).session.id;
    const four = await at("203.0.113.77");
    const six = await at("2001:db8:7:8::1");
    for (const ip of ["203.0.113.77", "203.0.113.77/32", "203.0.113.64/26"]) {
      expect(idsOf(await list({ ip }))).toEqual([four]);
    }
    for (const ip of ["2001:db8:7:8::1", "2001:DB8:7::/48"]) expect(idsOf(await list({ ip }))).toEqual([six]);
    expect(idsOf(await list({ ip: "203.0.113.78" }))).toEqual([]);
    expect(idsOf(await list({ ip: "203.0.113.77", state: "blacklisted" }))).toEqual([]);
  });

  it("by application shows what was opened for it, says so, and agrees with the other filters", async () => {
    const [shop, bakery] = [await someApplication(world.app), await someApplication(world.app, "Bakery")];
    const one = await someone(world);
    const first = await openFrom(world.app, one, shop);
    await openFrom(world.app, one, bakery);
    world.clock.advance(1);
    const second = await openFrom(world.app, await someone(world), shop);
    const page = await list({ application: shop.client_id });
    expect(idsOf(page)).toEqual([second.id, first.id]);
    expect(page.results[1]).toMatchObject({
      application: { id: shop.client_id, name: "My shop" },
      opened_by: one.session.id,
    });
    expect(idsOf(await list({ application: shop.client_id, user: one.user.id }))).toEqual([first.id]);
    await writeSession(world.db, first.id, { revokedAt: world.clock.now(), revokedReason: "logged_out" });
    const ofShop = (query: Record<string, string>) => list({ application: shop.client_id, ...query });
    expect(idsOf(await ofShop({ state: "outstanding" }))).toEqual([second.id]);
    expect(idsOf(await ofShop({ state: "blacklisted" }))).toEqual([first.id]);
    expect(idsOf(await ofShop({ reason: "logged_out" }))).toEqual([first.id]);
    expect(idsOf(await ofShop({ ip: "192.0.2.0/24", limit: "1" }))).toEqual([second.id]);
    expect(await list({ application: NOBODY })).toEqual({ results: [], next: null });
  });

  it("that is empty, as a form sends it, is none", async () => {
    const { user, newestFirst } = await withEvery();
    expect(idsOf(await list({ user: user.id, state: "", ip: "", reason: "" }))).toEqual(newestFirst);
  });

  it.each([
    "state=live",
    "state=OUTSTANDING",
    "reason=rotated",
    "reason=x",
    "ip=x",
    "ip=300.1.1.1",
    "ip=10.0.0.0%2F33",
    "ip=0.0.0.0%2F0",
    "ip=::%2F0",
    "ip=' or 1=1",
    "user=x",
    "user=%00",
    "user=a@b",
    "application=My%20shop",
    "limit=0",
    "limit=101",
    "limit=",
    "cursor=x",
    "cursor=W10",
    "sort=email",
    "everyone=true",
    "state=outstanding&state=expired",
  ])("%s is refused", async (query) => {
    expect(await ask(query)).toMatchObject({ kind: "failure", code: "bad_request" });
  });
});

describe("pages", () => {
  it("show each session once and in order, whoever logs in, refreshes or is logged out between them", async () => {
    const user = await insertPerson(world.db);
    const ids = (await insertSessions(world.db, user, 40, secondsAfter(world.clock.now(), -7_000))).reverse();
    const shown = (
      await walk({ user: user.id, limit: "7" }, async () => {
        world.clock.advance(1);
        await openSession(world.app, user);
        await writeSession(world.db, ids[20] ?? "", { lastSeenAt: world.clock.now(), generation: 9 });
        await writeSession(world.db, ids[30] ?? "", {
          revokedAt: world.clock.now(),
          revokedReason: "logged_out",
        });
      })
    ).flat();
    expect(shown).toEqual(ids);
  });

  it("keep sessions of one instant apart", async () => {
    const user = await insertPerson(world.db);
    const ids = await insertSessions(world.db, user, 20, world.clock.now());
    for (const id of ids) await writeSession(world.db, id, { createdAt: world.clock.now() });
    const shown = (await walk({ user: user.id, limit: "3" })).flat();
    expect(shown).toHaveLength(20);
    expect(new Set(shown)).toEqual(new Set(ids));
  });
});

describe("a page where no index answers the filter", () => {
  it("looks at a bounded number of sessions, may be empty, and leads on until all were looked at", async () => {
    const crowd = await insertPerson(world.db);
    const early = secondsAfter(world.clock.now(), -30 * DAY);
    const rare = await insertSessions(world.db, crowd, 3, early);
    for (const id of rare) await writeSession(world.db, id, { ip: "198.51.100.200" });
    for (let part = 0; part < 3; part += 1) {
      await insertSessions(world.db, crowd, LOOKED_AT / 2, secondsAfter(early, 10 + part * LOOKED_AT));
    }
    const pages = await walk({ ip: "198.51.100.200", limit: "2" });
    expect(pages[0]).toEqual([]);
    expect(pages.flat()).toEqual([...rare].reverse());
    expect(pages.length).toBeLessThanOrEqual(5);
  });

  it("finds expired sessions at once behind any number that are too young to have expired", async () => {
    const crowd = await insertPerson(world.db);
    const old = await insertSessions(world.db, crowd, 2, secondsAfter(world.clock.now(), -10 * DAY));
    for (let part = 0; part < 2; part += 1) {
      await insertSessions(world.db, crowd, LOOKED_AT / 2, secondsAfter(world.clock.now(), -9_000 + part));
    }
    for (const limit of ["1", "2", "100"]) {
      const { results } = await list({ state: "expired", user: crowd.id, limit });
      expect(results.map(({ id }) => id)).toEqual([...old].reverse().slice(0, Number(limit)));
    }
    const every = (await walk({ state: "expired", user: crowd.id, limit: "1" })).flat();
    expect(every).toEqual([...old].reverse());
    expect(await sessionRow(world.db, old[0] ?? "")).toMatchObject({ revokedAt: null });
  });
});
