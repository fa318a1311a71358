import { describe, expect, it } from "vitest";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, eventsOf, sessionRow, writeSession } from "@/lib/testing/records.ts";
import { claimsOf, refused, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { authenticate } from "./authenticate.ts";
import { refreshSession } from "./refresh-session.ts";
import { renewAccess } from "./renew-access.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const KEY = "k-0123456789abcdef";

const world = createWorld();

function renew(token: string, retryKey: string | null = null) {
  return renewAccess(world.app, { token, retryKey, device: LAPTOP }, world.clock.now());
}

async function refresh(token: string, retryKey: string | null = null) {
  const input = { token, retryKey, delivery: "cookie", device: LAPTOP } as const;
  const outcome = await refreshSession(world.app, input, world.clock.now());
  if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
  return outcome.tokens;
}

async function opens(access: string): Promise<boolean> {
  return (await authenticate(world.app, access, world.clock.now())).kind === "authenticated";
}

describe("1. the outstanding token of a live session", () => {
  it("brings a new access token however often it is asked for, and turns nothing", async () => {
    const { user, session, tokens } = await someone(world);
    const before = await sessionRow(world.db, session.id);
    world.clock.advance(HOUR);
    expect(await opens(tokens.access)).toBe(false);
    const outcomes = await times(5, () => renew(tokens.refresh));
    for (const outcome of outcomes) {
      if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
      expect(Object.keys(outcome.tokens)).toEqual(["access"]);
      expect(await opens(outcome.tokens.access)).toBe(true);
    }
    expect(await sessionRow(world.db, session.id)).toEqual({ ...before, lastSeenAt: world.clock.now() });
    expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).toEqual(["login.succeeded"]);
    expect((await refresh(tokens.refresh)).refresh).toBeDefined();
  });
});

describe("2. the token before, whose answer was lost", () => {
  it("brings the successor with the key that won, an hour later, and an access token that still opens", async () => {
    const { session, tokens } = await someone(world);
    const lost = await refresh(tokens.refresh, KEY);
    world.clock.advance(HOUR);
    const outcome = await renew(tokens.refresh, KEY);
    if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
    expect(outcome.tokens.refresh).toBe(lost.refresh);
    expect(await opens(outcome.tokens.access)).toBe(true);
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2, revokedAt: null });
  });

  it("brings exactly the lost pair while its access token is good", async () => {
    const { tokens } = await someone(world);
    const lost = await refresh(tokens.refresh, KEY);
    world.clock.advance(HOUR / 4);
    expect(await renew(tokens.refresh, KEY)).toMatchObject({ tokens: lost });
  });

  it("brings it without a key within the retry window", async () => {
    const { tokens } = await someone(world);
    const lost = await refresh(tokens.refresh);
    world.clock.advance(9);
    expect(await renew(tokens.refresh)).toMatchObject({ tokens: lost });
  });
});

describe("3. a token that was spent a moment ago", () => {
  it("opens nothing and ends nothing, once and twice turned, with a wrong key too", async () => {
    const { user, session, tokens } = await someone(world);
    const second = await refresh(tokens.refresh, KEY);
    world.clock.advance(11);
    expect(await renew(tokens.refresh)).toEqual(refused.blacklisted("rotated"));
    expect(await renew(tokens.refresh, `${KEY}x`)).toEqual(refused.blacklisted("rotated"));
    await refresh(second.refresh ?? "");
    expect(await renew(tokens.refresh)).toEqual(refused.blacklisted("rotated"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 3, revokedAt: null });
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });
});

describe("4. a token that was spent long ago", () => {
  it("ends the session as reuse, recorded and told by mail once", async () => {
    const { user, session, tokens } = await someone(world);
    const second = await refresh(tokens.refresh, KEY);
    world.clock.advance(5 * MINUTE);
    const outcomes = await times(3, () => renew(tokens.refresh));
    expect(outcomes).toEqual(Array(3).fill(refused.blacklisted("token_reused")));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
    expect(await opens(second.access)).toBe(false);
    expect(await endingsOf(world.db, user.id)).toEqual([
      { type: "refresh_token.reused", sessionId: session.id, reason: "token_reused" },
    ]);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
  });
});

describe("5. nothing to renew", () => {
  it("refuses the token of an ended session with the reason, and what is no refresh token of ours", async () => {
    const { session, tokens } = await someone(world);
    expect(await renew(tokens.access)).toEqual(refused.wrongType);
    expect(await renew("nonsense")).toEqual(refused.invalid);
    const revokedAt = world.clock.now();
    await writeSession(world.db, session.id, { revokedAt, revokedReason: "revoked_by_owner" });
    expect(await renew(tokens.refresh)).toEqual(refused.blacklisted("revoked_by_owner"));
  });

  it("refuses the token of a session that was not used for too long", async () => {
    const { tokens } = await someone(world);
    world.clock.advance(4 * 24 * HOUR);
    expect(await renew(tokens.refresh)).toEqual(refused.expired);
  });

  it("renews by nobody's generation that was never handed out", async () => {
    const { session, tokens } = await someone(world);
    const { refresh: second } = await refresh(tokens.refresh);
    await writeSession(world.db, session.id, { generation: 1 });
    expect(claimsOf(second ?? "").gen).toBe(2);
    expect(await renew(second ?? "")).toEqual(refused.invalid);
  });
});
