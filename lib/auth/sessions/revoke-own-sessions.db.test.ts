import { describe, expect, it } from "vitest";
import type { Device } from "@/lib/audit/record.ts";
import {
  endingsOf,
  eventsOf,
  insertSessions,
  sessionRow,
  sessionsOf,
  writeSession,
} from "@/lib/testing/records.ts";
import { openSession, refused, someone, times } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { authenticate } from "./authenticate.ts";
import type { LoggedInCall } from "./principal.ts";
import { revokeOtherSessions, revokeOwnSession } from "./revoke-own-sessions.ts";

const PHONE: Device = { ip: "198.51.100.4", userAgent: "phone" };
const NOT_FOUND = { kind: "failure", code: "not_found" };
const world = createWorld();
type Who = LoggedInCall["principal"];
const revoke = (who: Who, id: string) => revokeOwnSession(world.call({ principal: who, device: PHONE }), id);
const revokeOthers = (who: Who) => revokeOtherSessions(world.call({ principal: who, device: PHONE }));

describe("one device", () => {
  it("of the caller's own is logged out at once, and recorded with where that came from", async () => {
    const here = await someone(world);
    const lost = await openSession(world.app, here.user);
    expect(await revoke(here, lost.session.id)).toEqual({ kind: "revoked" });
    expect(await authenticate(world.call(), lost.tokens.access)).toEqual(
      refused.bearer("Token is blacklisted", "revoked_by_owner"),
    );
    expect(await sessionRow(world.db, here.session.id)).toEqual(here.session);
    const events = (await eventsOf(world.db, here.user.id)).filter(({ type }) => type === "session.revoked");
    expect(events).toEqual([
      expect.objectContaining({ sessionId: lost.session.id, ...PHONE, data: { reason: "revoked_by_owner" } }),
    ]);
  });

  it("the caller's own present one too", async () => {
    const here = await someone(world);
    expect(await revoke(here, here.session.id)).toEqual({ kind: "revoked" });
    expect(await sessionRow(world.db, here.session.id)).toMatchObject({ revokedReason: "revoked_by_owner" });
  });

  it("of somebody else is not found, and they stay logged in", async () => {
    const eve = await someone(world);
    const ada = await someone(world);
    expect(await revoke(eve, ada.session.id)).toEqual(NOT_FOUND);
    expect(await sessionRow(world.db, ada.session.id)).toEqual(ada.session);
    expect(await authenticate(world.call(), ada.tokens.access)).toMatchObject({
      kind: "authenticated",
    });
    expect(await endingsOf(world.db, ada.user.id)).toEqual([]);
    expect(await endingsOf(world.db, eve.user.id)).toEqual([]);
  });

  it("that was ended or never was is not found, and keeps its reason", async () => {
    const here = await someone(world);
    const lost = await openSession(world.app, here.user);
    await revokeOthers(here);
    const row = await sessionRow(world.db, lost.session.id);
    world.clock.advance(60);
    expect(await revoke(here, lost.session.id)).toEqual(NOT_FOUND);
    expect(await revoke(here, "0199c5a0-0000-7000-8000-000000000000")).toEqual(NOT_FOUND);
    expect(await sessionRow(world.db, lost.session.id)).toEqual(row);
    expect(await endingsOf(world.db, here.user.id)).toHaveLength(1);
  });

  it("whose time is over is not found: nothing is left to end, or to record", async () => {
    const here = await someone(world);
    const old = await openSession(world.app, here.user);
    await writeSession(world.db, old.session.id, { idleExpiresAt: world.clock.now() });
    world.clock.advance(24 * 60 * 60);
    expect(await revoke(here, old.session.id)).toEqual(NOT_FOUND);
    expect(await endingsOf(world.db, here.user.id)).toEqual([]);
  });

  it("of ten who try at once, one did it", async () => {
    const here = await someone(world);
    const lost = await openSession(world.app, here.user);
    const outcomes = await times(10, () => revoke(here, lost.session.id));
    expect(outcomes.filter(({ kind }) => kind === "revoked")).toHaveLength(1);
    expect(await endingsOf(world.db, here.user.id)).toHaveLength(1);
  });
});

describe("all others", () => {
  it("are logged out and counted, this one stays, and so does everybody else", async () => {
    const here = await someone(world);
    await insertSessions(world.db, here.user, 40, world.clock.now());
    const stranger = await someone(world);
    expect(await revokeOthers(here)).toEqual({ kind: "revoked", count: 40 });
    const rows = await sessionsOf(world.db, here.user.id);
    const live = rows.filter(({ revokedAt }) => revokedAt === null);
    expect(live).toEqual([here.session]);
    expect(rows.filter(({ revokedReason }) => revokedReason === "revoked_by_owner")).toHaveLength(40);
    expect(await endingsOf(world.db, here.user.id)).toHaveLength(40);
    expect(await sessionRow(world.db, stranger.session.id)).toEqual(stranger.session);
  });

  it("where there are none, none is counted", async () => {
    const here = await someone(world);
    expect(await revokeOthers(here)).toEqual({ kind: "revoked", count: 0 });
    expect(await revokeOthers(here)).toEqual({ kind: "revoked", count: 0 });
    expect(await endingsOf(world.db, here.user.id)).toEqual([]);
  });

  it("counts what was still open, not what had ended by itself", async () => {
    const here = await someone(world);
    const [open = "", idle = "", over = ""] = await insertSessions(world.db, here.user, 3, world.clock.now());
    const now = world.clock.now();
    await writeSession(world.db, idle, { idleExpiresAt: now });
    await writeSession(world.db, over, { idleExpiresAt: now, expiresAt: now });
    world.clock.advance(24 * 60 * 60);
    expect(await revokeOthers(here)).toEqual({ kind: "revoked", count: 1 });
    expect(await endingsOf(world.db, here.user.id)).toEqual([
      { type: "session.revoked", sessionId: open, reason: "revoked_by_owner" },
    ]);
  });

  it("two devices that log each other out at once are not both left", async () => {
    for (let round = 0; round < 20; round += 1) {
      const here = await someone(world);
      const there = await openSession(world.app, here.user);
      await Promise.all([revokeOthers(here), revokeOthers(there)]);
      const rows = await sessionsOf(world.db, here.user.id);
      expect(rows.filter(({ revokedAt }) => revokedAt === null).length).toBeLessThan(2);
      expect(await endingsOf(world.db, here.user.id)).toHaveLength(
        rows.filter(({ revokedAt }) => revokedAt !== null).length,
      );
    }
  });
});
