import { describe, expect, it } from "vitest";
import { type AuditEvent, recordEvents } from "@/lib/audit/record.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { NoFilter, withListQuery } from "@/lib/http/request/list-query.ts";
import { type Holder, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { listOwnEvents } from "./list-own-events.ts";

const world = createWorld();
const ADMIN = { ip: "203.0.113.99", userAgent: "Mozilla/5.0 (Macintosh) Chrome/140.0.0.0 Safari/537.36" };

const ask = (who: Holder, query: Record<string, string>) =>
  withListQuery(new URLSearchParams(query), NoFilter, (asked) =>
    listOwnEvents(world.call({ principal: who }), asked),
  );

async function list(who: Holder, query: Record<string, string> = {}) {
  const outcome = await ask(who, query);
  if (outcome.kind !== "listed") throw new Error(JSON.stringify(outcome));
  return outcome.page;
}

/** So many further events, a second after each other. */
async function happen(who: Holder, count: number, event: Partial<AuditEvent> = {}) {
  for (let index = 1; index <= count; index += 1) {
    const happened = { type: "login.failed" as const, userId: who.user.id, ...event };
    await recordEvents(world.db, [happened], secondsAfter(world.clock.now(), index));
  }
}

describe("what it says of an event", () => {
  it("is exactly this", async () => {
    const who = await someone(world);
    expect(await list(who)).toEqual({
      results: [
        {
          id: expect.any(String),
          type: "login.succeeded",
          created_at: world.clock.now().toISOString(),
          session_id: who.session.id,
          ip: LAPTOP.ip,
          browser: "Firefox",
          os: "Linux",
          data: { amr: "pwd" },
        },
      ],
      next: null,
    });
  });

  it("of an admin's act: what was done, and neither by whom nor from where", async () => {
    const who = await someone(world);
    const actorId = randomUUID();
    world.clock.advance(1);
    const by = { userId: who.user.id, actorId, device: ADMIN, why: "between admins" };
    await logOutUser(world.call(), by);
    world.clock.advance(1);
    await deactivateUser(world.call(), by);
    await happen(who, 1, {
      type: "user.role_changed",
      actorId,
      device: ADMIN,
      data: { role: "admin", note: "x" },
    });
    const { results } = await list(who);
    const nothing = { ip: null, browser: null, os: null };
    const shown = results.map(({ type, ip, browser, os, data }) => ({ type, ip, browser, os, data }));
    expect(shown.sort((a, b) => a.type.localeCompare(b.type))).toEqual([
      { type: "login.succeeded", ip: LAPTOP.ip, browser: "Firefox", os: "Linux", data: { amr: "pwd" } },
      { type: "session.revoked", ...nothing, data: { reason: "revoked_by_admin" } },
      { type: "user.deactivated", ...nothing, data: {} },
      { type: "user.logged_out", ...nothing, data: {} },
      { type: "user.role_changed", ...nothing, data: { role: "admin" } },
    ]);
    expect(JSON.stringify(results)).not.toContain(actorId);
    expect(JSON.stringify(results)).not.toContain(ADMIN.ip);
    expect(JSON.stringify(results)).not.toContain("between admins");
  });

  it("where an admin acts on their own account: all of it", async () => {
    const who = await someone(world);
    await happen(who, 1, { type: "user.renamed", actorId: who.user.id, device: ADMIN });
    expect((await list(who)).results[0]).toMatchObject({ ip: ADMIN.ip, browser: "Chrome" });
  });
});

describe("whose events", () => {
  it("only the caller's: not what they did to others, nor what happened to nobody", async () => {
    const who = await someone(world);
    const other = await someone(world);
    await happen(other, 3, { actorId: who.user.id });
    await recordEvents(world.db, [{ type: "login.failed", device: ADMIN }], world.clock.now());
    expect((await list(who)).results).toHaveLength(1);
  });
});

describe("pages", () => {
  it.each([1, 7, 30, 31, 32, 100])("of %i show 31 events once each, newest first", async (limit) => {
    const who = await someone(world);
    await happen(who, 30);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(who, { limit: String(limit), ...(cursor && { cursor }) });
      seen.push(...page.results.map(({ created_at }) => created_at));
      cursor = page.next;
    } while (cursor);
    expect(seen).toHaveLength(31);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it("events of one instant are shown once each, and one that comes in between shifts none", async () => {
    const who = await someone(world);
    const same = { type: "session.revoked" as const, userId: who.user.id };
    await recordEvents(world.db, Array(20).fill(same), world.clock.now());
    const first = await list(who, { limit: "10" });
    await happen(who, 5);
    const second = await list(who, { limit: "10", cursor: first.next ?? "" });
    const third = await list(who, { limit: "10", cursor: second.next ?? "" });
    const ids = [first, second, third].flatMap(({ results }) => results.map(({ id }) => id));
    expect(new Set(ids).size).toBe(21);
    expect(third.next).toBeNull();
  });

  it("another person's cursor shows only the caller's own", async () => {
    const stranger = await someone(world);
    await happen(stranger, 30);
    const { next } = await list(stranger, { limit: "5" });
    const who = await someone(world);
    const { results } = await list(who, { cursor: next ?? "" });
    expect(results.every(({ session_id }) => session_id === who.session.id)).toBe(true);
  });
});
