import { describe, expect, it } from "vitest";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, eventsOf, sessionRow, writeSession } from "@/lib/testing/records.ts";
import { claimsOf, refused, someone, someoneInBrowser, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { renewAccess } from "./access-for-page.ts";
import { refreshSession } from "./refresh-session.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const KEY = "k-0123456789abcdef";

const world = createWorld();

function renew(token: string, retryKey: string | null = null) {
  return renewAccess(world.call(), { token, retryKey, device: LAPTOP });
}

async function refresh(token: string, retryKey: string | null = null) {
  const input = { token, retryKey, delivery: "cookie", device: LAPTOP } as const;
  const outcome = await refreshSession(world.call(), input);
  if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
  return outcome.tokens;
}

async function opens(access: string): Promise<boolean> {
  return (await authenticate(world.call(), access)).kind === "authenticated";
}

describe("1. the outstanding token of a live session", () => {
  it("brings a new access token however often it is asked for, and rotates nothing", async () => {
    const { user, session, tokens } = await someoneInBrowser(world);
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
    const { session, tokens } = await someoneInBrowser(world);
    const lost = await refresh(tokens.refresh, KEY);
    world.clock.advance(HOUR);
    const outcome = await renew(tokens.refresh, KEY);
    if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
    expect(outcome.tokens.refresh).toBe(lost.refresh);
    expect(await opens(outcome.tokens.access)).toBe(true);
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2, revokedAt: null });
  });

  it("brings exactly the lost pair while its access token is good", async () => {
    const { tokens } = await someoneInBrowser(world);
    const lost = await refresh(tokens.refresh, KEY);
    world.clock.advance(HOUR / 4);
    expect(await renew(tokens.refresh, KEY)).toMatchObject({ tokens: lost });
  });

  it("brings it without a key within the retry window", async () => {
    const { tokens } = await someoneInBrowser(world);
    const lost = await refresh(tokens.refresh);
    world.clock.advance(9);
    expect(await renew(tokens.refresh)).toMatchObject({ tokens: lost });
  });
});

describe("3. a token that was spent a moment ago", () => {
  it("opens nothing and ends nothing, once and twice rotated, with a wrong key too", async () => {
    const { user, session, tokens } = await someoneInBrowser(world);
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
    const { user, session, tokens } = await someoneInBrowser(world);
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
    const { session, tokens } = await someoneInBrowser(world);
    expect(await renew(tokens.access)).toEqual(refused.wrongType);
    expect(await renew("nonsense")).toEqual(refused.invalid);
    const revokedAt = world.clock.now();
    await writeSession(world.db, session.id, { revokedAt, revokedReason: "revoked_by_owner" });
    expect(await renew(tokens.refresh)).toEqual(refused.blacklisted("revoked_by_owner"));
  });

  it("opens no session whose tokens a program keeps, and ends none over it", async () => {
    const { session, tokens } = await someone(world);
    expect(await renew(tokens.refresh)).toEqual(refused.invalid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("gives a program's spent token no mercy: nobody rides along by opening pages", async () => {
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    world.clock.advance(10);
    expect(await renew(tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("refuses the token of a session that was not used for too long", async () => {
    const { tokens } = await someoneInBrowser(world);
    world.clock.advance(4 * 24 * HOUR);
    expect(await renew(tokens.refresh)).toEqual(refused.expired);
  });

  it("renews by nobody's generation that was never handed out", async () => {
    const { session, tokens } = await someoneInBrowser(world);
    const { refresh: second } = await refresh(tokens.refresh);
    await writeSession(world.db, session.id, { generation: 1 });
    expect(claimsOf(second ?? "").gen).toBe(2);
    expect(await renew(second ?? "")).toEqual(refused.invalid);
  });
});
