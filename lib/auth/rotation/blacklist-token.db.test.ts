import { describe, expect, it } from "vitest";
import { revokedReasons } from "@/db/schema.ts";
import type { Device } from "@/lib/audit/record.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { endingsOf, endSession, eventsOf, sessionRow, writeUser } from "@/lib/testing/records.ts";
import { openSession, refused, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { blacklistToken } from "./blacklist-token.ts";
import { refreshSession } from "./refresh-session.ts";

const DAY = 24 * 60 * 60;
const PHONE: Device = { ip: "198.51.100.4", userAgent: "phone" };
const DONE = { kind: "blacklisted" };

const world = createWorld();
const blacklist = (token: string) => blacklistToken(world.call({ device: PHONE }), token);
const refresh = (token: string) =>
  refreshSession(world.call(), { token, delivery: "json", retryKey: null, device: LAPTOP });

describe("1. outstanding", () => {
  it("its session is over, for access and refresh, recorded with where it came from", async () => {
    const { user, session, tokens } = await someone(world);
    expect(await blacklist(tokens.refresh)).toEqual(DONE);
    expect(await sessionRow(world.db, session.id)).toEqual({
      ...session,
      revokedAt: world.clock.now(),
      revokedReason: "logged_out",
    });
    expect(await refresh(tokens.refresh)).toEqual(refused.blacklisted("logged_out"));
    expect(await authenticate(world.call(), tokens.access)).toEqual(
      refused.bearer("Token is blacklisted", "logged_out"),
    );
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "session.revoked");
    expect(events).toEqual([expect.objectContaining({ ...PHONE, data: { reason: "logged_out" } })]);
  });

  it("leaves the person's other devices logged in", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user);
    await blacklist(here.tokens.refresh);
    expect(await sessionRow(world.db, elsewhere.session.id)).toEqual(elsewhere.session);
  });

  it("of twenty at once one is told that it did it, and it is recorded once", async () => {
    const { user, tokens } = await someone(world);
    const outcomes = await times(20, () => blacklist(tokens.refresh));
    expect(outcomes.filter(({ kind }) => kind === "blacklisted")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "blacklisted")).toEqual(
      Array(19).fill(refused.blacklisted("logged_out")),
    );
    expect(await endingsOf(world.db, user.id)).toHaveLength(1);
  });
});

describe("2. spent", () => {
  it("is reuse: the session is over although the call is refused, the newest pair too", async () => {
    const { user, session, tokens } = await someone(world);
    const next = await refresh(tokens.refresh);
    expect(await blacklist(tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      generation: 2,
      revokedReason: "token_reused",
    });
    expect(await endingsOf(world.db, user.id)).toEqual([
      { type: "refresh_token.reused", sessionId: session.id, reason: "token_reused" },
    ]);
    if (next.kind !== "refreshed") throw new Error("the refresh was refused");
    expect(await refresh(next.tokens.refresh ?? "")).toEqual(refused.blacklisted("token_reused"));
  });
});

describe("3. its session ended before, or not a good refresh token", () => {
  it.each(revokedReasons)("is told that it ended for %s, which stays", async (reason) => {
    const { user, session, tokens } = await someone(world);
    await endSession(world.db, { sessionId: session.id }, reason, world.clock.now());
    const row = await sessionRow(world.db, session.id);
    expect(await blacklist(tokens.refresh)).toEqual(refused.blacklisted(reason));
    expect(await sessionRow(world.db, session.id)).toEqual(row);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("an inactive person's, an expired one, an access token and nonsense end nothing", async () => {
    const { user, session, tokens } = await someone(world);
    for (const token of ["", "x", "a.b.c", `${tokens.refresh}x`]) {
      expect(await blacklist(token)).toEqual(refused.invalid);
    }
    expect(await blacklist(tokens.access)).toEqual(refused.wrongType);
    await writeUser(world.db, user.id, { isActive: false });
    expect(await blacklist(tokens.refresh)).toEqual(refused.blacklisted("account_deactivated"));
    world.clock.advance(3 * DAY);
    expect(await blacklist(tokens.refresh)).toEqual(refused.expired);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("a generation that has not come yet ends nothing", async () => {
    const { session } = await someone(world);
    const { keys, policy } = world.app.tokens;
    const ahead = await signTokenPair(keys, { ...session, generation: 2 }, policy);
    expect(await blacklist(ahead.refresh)).toEqual(refused.invalid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });
});
