import { describe, expect, it, vi } from "vitest";
import { secondsAfter } from "@/lib/base/clock.ts";
import { NIL_UUID } from "@/lib/base/crypto.ts";
import { encodeCursor } from "@/lib/contract/pages.ts";
import { NoFilter, withListQuery } from "@/lib/http/request/list-query.ts";
import { makeApplication, openApplication } from "@/lib/testing/opened-applications.ts";
import {
  deleteSession,
  endSession,
  insertSessions,
  sessionRow,
  writeSession,
} from "@/lib/testing/records.ts";
import { type Holder, openSession, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { listSessions } from "./list-sessions.ts";

const world = createWorld();

const ask = (who: Holder, query: Record<string, string> | string = {}) =>
  withListQuery(new URLSearchParams(query), NoFilter, (asked) =>
    listSessions(world.call({ principal: who }), asked),
  );

async function list(who: Holder, query: Record<string, string> | string = {}) {
  const outcome = await ask(who, query);
  if (outcome.kind !== "listed") throw new Error(JSON.stringify(outcome));
  return outcome.page;
}

/** Every page in turn, by ids; `between` happens after each. */
async function walk(who: Holder, limit: number, between = async (_seen: string[]) => {}) {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await list(who, { limit: String(limit), ...(cursor && { cursor }) });
    pages.push(page.results.map(({ id }) => id));
    cursor = page.next;
    if (pages.length > 200) throw new Error("the pages never end");
    await between(pages.flat());
  } while (cursor);
  return pages;
}

/** Somebody on this device and `count` others, by ids: the newest activity first. */
async function withDevices(count: number) {
  const here = await someone(world);
  const others = await insertSessions(world.db, here.user, count, secondsAfter(world.clock.now(), 1));
  return { here, others: others.reverse() };
}

describe("what it says of a device", () => {
  it("is exactly this, and nothing of its tokens", async () => {
    const who = await someone(world);
    expect(await list(who)).toEqual({
      results: [
        {
          id: who.session.id,
          current: true,
          name: null,
          created_at: world.clock.now().toISOString(),
          last_seen_at: world.clock.now().toISOString(),
          expires_at: secondsAfter(world.clock.now(), 3 * 24 * 60 * 60).toISOString(),
          ip: LAPTOP.ip,
          browser: "Firefox",
          os: "Linux",
          device: "desktop",
          location: null,
          amr: ["pwd"],
          application: null,
          opened_by: null,
        },
      ],
      next: null,
    });
  });
});

describe("the sessions of applications", () => {
  it("are sessions of their own, which say whose they are and from which browser they were opened", async () => {
    const browser = await someone(world);
    const [shop, desk] = [await makeApplication(world, "My shop"), await makeApplication(world, "Desk")];
    const inShop = await openApplication(world, browser, shop);
    const atDesk = await openApplication(world, browser, desk);
    const said = (await list(browser)).results.map(({ id, current, application, opened_by }) => ({
      id,
      current,
      application,
      opened_by,
    }));
    expect(said[0]).toEqual({ id: browser.session.id, current: true, application: null, opened_by: null });
    expect(new Set(said.slice(1))).toEqual(
      new Set([
        { id: inShop.session.id, current: false, application: shop, opened_by: browser.session.id },
        { id: atDesk.session.id, current: false, application: desk, opened_by: browser.session.id },
      ]),
    );
  });

  it("are the current one where an application asks, and the browser is another", async () => {
    const browser = await someone(world);
    const shop = await makeApplication(world);
    const inShop = await openApplication(world, browser, shop);
    expect((await list(inShop)).results).toMatchObject([
      { id: inShop.session.id, current: true, application: shop, opened_by: browser.session.id },
      { id: browser.session.id, current: false, application: null, opened_by: null },
    ]);
  });

  it("say nothing of scopes and secrets, and of a browser that is forgotten no more than that there was one", async () => {
    const browser = await someone(world);
    const inShop = await openApplication(world, browser, await makeApplication(world));
    expect(JSON.stringify(await list(browser))).not.toMatch(/openid|secret|scope/);
    await deleteSession(world.db, browser.session);
    const left = { ...inShop, session: await sessionRow(world.db, inShop.session.id) };
    expect((await list(left)).results).toMatchObject([
      { id: inShop.session.id, application: { name: "My shop" }, opened_by: null },
    ]);
  });

  it("are named with one look-up, however many there are, and with none where there is none", async () => {
    const asked = vi.spyOn(world.db, "select");
    const browser = await someone(world);
    const countOf = async (act: () => Promise<unknown>) => {
      asked.mockClear();
      await act();
      return asked.mock.calls.length;
    };
    const without = await countOf(() => list(browser));
    for (const name of ["My shop", "Desk", "Till"])
      await openApplication(world, browser, await makeApplication(world, name));
    expect(await countOf(() => list(browser))).toBe(without + 1);
    asked.mockRestore();
  });
});

describe("order", () => {
  it("this device first, though others are newer, then the newest activity", async () => {
    const { here, others } = await withDevices(5);
    const { results, next } = await list(here);
    expect(results.map(({ id }) => id)).toEqual([here.session.id, ...others]);
    expect(results.map(({ current }) => current)).toEqual([true, false, false, false, false, false]);
    expect(next).toBeNull();
  });

  it("shows only live sessions, and only the caller's own", async () => {
    const { here, others } = await withDevices(4);
    const [ended = "", idle = "", over = "", live = ""] = others;
    await someone(world);
    const now = world.clock.now();
    await endSession(world.db, { sessionId: ended }, "logged_out", now);
    await writeSession(world.db, idle, { idleExpiresAt: now });
    await writeSession(world.db, over, { idleExpiresAt: now, expiresAt: now });
    const { results } = await list(here);
    expect(results.map(({ id }) => id)).toEqual([here.session.id, live]);
  });
});

describe("pages", () => {
  it.each([
    1, 2, 3, 7, 10, 25, 34, 35, 36, 100,
  ])("of %i show 35 sessions once each, in order, the last one without a next", async (limit) => {
    const { here, others } = await withDevices(34);
    const pages = await walk(here, limit);
    expect(pages.flat()).toEqual([here.session.id, ...others]);
    expect(pages.map(({ length }) => length)).toEqual([
      ...Array(Math.ceil(35 / limit) - 1).fill(limit),
      35 % limit || limit,
    ]);
  });

  it("are 25 long unless asked otherwise", async () => {
    const { here } = await withDevices(34);
    const { results, next } = await list(here);
    expect(results).toHaveLength(25);
    expect((await list(here, { cursor: next ?? "" })).results).toHaveLength(10);
  });

  it("sessions of one and the same instant are shown once each", async () => {
    const { here, others } = await withDevices(34);
    for (const id of others) await writeSession(world.db, id, { lastSeenAt: world.clock.now() });
    const ids = (await walk(here, 4)).flat();
    expect(ids).toHaveLength(35);
    expect(new Set(ids)).toEqual(new Set([here.session.id, ...others]));
  });

  it("a session that ends between pages, shown or to come, shifts no other", async () => {
    const { here, others } = await withDevices(34);
    const gone: string[] = [];
    const end = async (id: string | undefined) => {
      if (id === undefined || id === here.session.id) return;
      gone.push(id);
      await endSession(world.db, { sessionId: id }, "logged_out", world.clock.now());
    };
    const shown = (
      await walk(here, 5, async (seen) => {
        await end(seen.at(-1));
        await end(others.find((id) => !seen.includes(id) && !gone.includes(id)));
      })
    ).flat();
    expect(new Set(shown).size).toBe(shown.length);
    const kept = others.filter((id) => !gone.includes(id));
    expect(shown.filter((id) => kept.includes(id))).toEqual(kept);
    expect(gone.length).toBeGreaterThan(5);
  });

  it("a log-in between pages shifts none either", async () => {
    const { here, others } = await withDevices(34);
    const ids = (
      await walk(here, 5, async () => {
        world.clock.advance(3_600);
        await openSession(world.app, here.user);
      })
    ).flat();
    expect(ids).toEqual([here.session.id, ...others]);
  });

  it("this device is on the first page only, however its activity moves", async () => {
    const { here, others } = await withDevices(34);
    const ids = (
      await walk(here, 6, async (seen) => {
        const lastSeenAt = (await sessionRow(world.db, seen.at(-1) ?? "")).lastSeenAt;
        await writeSession(world.db, here.session.id, { lastSeenAt: secondsAfter(lastSeenAt, -0.001) });
      })
    ).flat();
    expect(ids).toEqual([here.session.id, ...others]);
  });
});

describe("a place that we did not hand out", () => {
  it("shows only the caller's own sessions, made up or of another person", async () => {
    const { here, others } = await withDevices(3);
    const stranger = await withDevices(40);
    const { next } = await list(stranger.here);
    const behind = async (seconds: number) => {
      const at = secondsAfter(world.clock.now(), seconds);
      return (await list(here, { cursor: encodeCursor({ at, id: NIL_UUID }) })).results.map(({ id }) => id);
    };
    expect(await behind(1e6)).toEqual(others);
    expect(await behind(-1e6)).toEqual([]);
    const seen = (await list(here, { cursor: next ?? "" })).results.map(({ id }) => id);
    expect(seen.filter((id) => !others.includes(id))).toEqual([]);
  });
});

describe("a hundred sessions, all asked at once", () => {
  it("say the same to everybody", async () => {
    const { here, others } = await withDevices(99);
    const pages = await times(10, () => list(here, { limit: "100" }));
    for (const { results, next } of pages) {
      expect(results.map(({ id }) => id)).toEqual([here.session.id, ...others]);
      expect(next).toBeNull();
    }
  });
});
