import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client.ts";
import type { RevokedReason, Session } from "@/db/queries/sessions.ts";
import { revokedReasons } from "@/db/schema.ts";
import { type App, createApp } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { epochSeconds, secondsAfter } from "@/lib/base/clock.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import {
  deleteSession,
  endingsOf,
  endSession,
  eventsOf,
  insertPerson,
  sessionRow,
  sessionsOf,
  writeSession,
  writeUser,
} from "@/lib/testing/records.ts";
import {
  claimsOf,
  headerOf,
  openSession,
  refused,
  someone,
  someoneInBrowser,
  times,
} from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP, SECRET, settingsFrom } from "@/lib/testing/world.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { refreshTokenId } from "@/lib/tokens/token-id.ts";
import { type RefreshInput, refreshSession } from "./refresh-session.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KEY = "k-0123456789abcdef";
const PHONE: Device = {
  ip: "2001:db8::5",
  userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
};

const world = createWorld();

type Asking = Partial<Omit<RefreshInput, "token">>;

function ask(token: string, asking: Asking = {}, app: App = world.app) {
  const input = { delivery: "json", retryKey: null, device: LAPTOP, ...asking, token } as const;
  return refreshSession(world.call({ app }), input);
}

async function refresh(token: string, asking: Asking = {}, app: App = world.app) {
  const outcome = await ask(token, asking, app);
  if (outcome.kind !== "refreshed") throw new Error(`refused: ${JSON.stringify(outcome)}`);
  const { access, refresh: next } = outcome.tokens;
  if (next === undefined) throw new Error("no refresh token came back");
  return { access, refresh: next };
}

describe("1. the session stands at the token's generation", () => {
  it("gives a new pair that says exactly this", async () => {
    const { user, session, tokens } = await someone(world);
    const loggedInAt = epochSeconds(world.clock.now());
    world.clock.advance(20 * MINUTE);
    const next = await refresh(tokens.refresh);
    const now = epochSeconds(world.clock.now());
    const whose = { user_id: user.id, sub: user.id, sid: session.id };
    expect(claimsOf(next.access)).toEqual({
      token_type: "access",
      jti: expect.stringMatching(/^[\w-]{60}$/),
      iat: now,
      exp: now + 30 * MINUTE,
      ...whose,
      auth_time: loggedInAt,
      amr: ["pwd"],
    });
    expect(claimsOf(next.refresh)).toEqual({
      token_type: "refresh",
      jti: expect.stringMatching(/^[\w-]{44}$/),
      iat: now,
      exp: now + 3 * DAY,
      ...whose,
      gen: 2,
    });
    const header = { alg: "HS256", typ: "JWT", kid: expect.stringMatching(/^[\w-]{16}$/) };
    expect(headerOf(next.access)).toEqual(header);
    expect(headerOf(next.refresh)).toEqual(header);
  });

  it("turns the one row over: what a refresh says changes, what the log-in said stays", async () => {
    const { user, session, tokens } = await someone(world);
    const before = await sessionRow(world.db, session.id);
    world.clock.advance(HOUR);
    const now = world.clock.now();
    await refresh(tokens.refresh, { device: PHONE });
    expect(await sessionsOf(world.db, user.id)).toEqual([
      {
        ...before,
        generation: 2,
        rotatedAt: now,
        lastSeenAt: now,
        idleExpiresAt: secondsAfter(now, 3 * DAY),
        spentFrom: 1,
        spentAt: now,
        ...PHONE,
      },
    ]);
    expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).toEqual(["login.succeeded"]);
  });

  it("never makes two tokens alike, nor a second row, in two hundred refreshes", async () => {
    const { user, session, tokens } = await someone(world);
    const seen = new Set([tokens.access, tokens.refresh]);
    const ids = new Set([claimsOf(tokens.access).jti, claimsOf(tokens.refresh).jti]);
    let token = tokens.refresh;
    for (let turn = 0; turn < 200; turn += 1) {
      const pair = await refresh(token);
      for (const each of [pair.access, pair.refresh]) {
        seen.add(each);
        ids.add(claimsOf(each).jti);
      }
      token = pair.refresh;
    }
    expect(seen.size).toBe(402);
    expect(ids.size).toBe(402);
    expect(await sessionsOf(world.db, user.id)).toEqual([
      expect.objectContaining({ id: session.id, generation: 201, revokedAt: null }),
    ]);
    expect(await eventsOf(world.db, user.id)).toHaveLength(1);
  });

  it("two simultaneous refreshes yield exactly one new generation", async () => {
    for (let round = 0; round < 20; round += 1) {
      const { session, tokens } = await someone(world);
      const outcomes = await times(2, () => ask(tokens.refresh));
      expect(outcomes.filter(({ kind }) => kind === "refreshed")).toHaveLength(1);
      expect(outcomes).toContainEqual(refused.blacklisted("rotated"));
      expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2, revokedAt: null });
    }
  });

  it("fifty simultaneous refreshes of one app yield one new generation, and the pair that won goes on", async () => {
    const { user, session, tokens } = await someone(world);
    const outcomes = await times(50, () => ask(tokens.refresh));
    const lost = outcomes.filter((outcome) => outcome.kind !== "refreshed");
    expect(lost).toEqual(Array(49).fill(refused.blacklisted("rotated")));
    const [winner] = outcomes.filter((outcome) => outcome.kind === "refreshed");
    expect(claimsOf((await refresh(winner?.tokens.refresh ?? "")).refresh).gen).toBe(3);
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 3, revokedAt: null });
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("fifty clients that race with one token: one new generation, and the session ends with one event", async () => {
    const { user, session, tokens } = await someone(world);
    const outcomes = await times(50, (index) =>
      ask(tokens.refresh, { device: { ip: `198.51.100.${index}`, userAgent: "curl" } }),
    );
    const won = outcomes.filter((outcome) => outcome.kind === "refreshed");
    expect(won).toHaveLength(1);
    const lost = outcomes.filter((outcome) => outcome.kind !== "refreshed");
    expect(lost).toEqual(Array(49).fill(refused.blacklisted("token_reused")));
    expect(await sessionsOf(world.db, user.id)).toEqual([
      expect.objectContaining({ id: session.id, generation: 2, revokedReason: "token_reused" }),
    ]);
    expect(await endingsOf(world.db, user.id)).toEqual([
      { type: "refresh_token.reused", sessionId: session.id, reason: "token_reused" },
    ]);
    const [winner] = won;
    expect(await ask(winner?.tokens.refresh ?? "")).toEqual(refused.blacklisted("token_reused"));
  });

  it("exactly one wins across two processes too", async () => {
    const other = openDatabase(world.connection, { maxConnections: 5, prepare: false });
    const there = await createApp(settingsFrom(), SECRET, { db: other.db, clock: world.clock });
    for (let round = 0; round < 10; round += 1) {
      const { session, tokens } = await someone(world);
      const outcomes = await times(8, (index) => ask(tokens.refresh, {}, index % 2 ? there : world.app));
      expect(outcomes.filter(({ kind }) => kind === "refreshed")).toHaveLength(1);
      expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2 });
    }
    await other.close();
  });

  it("works without prepared statements, as behind a pooler", async () => {
    const pooled = openDatabase(world.connection, { maxConnections: 1, prepare: false });
    const there = await createApp(settingsFrom(), SECRET, { db: pooled.db, clock: world.clock });
    const { session, tokens } = await someone(world);
    await refresh((await refresh(tokens.refresh, { retryKey: KEY }, there)).refresh, {}, there);
    await pooled.close();
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 3, retryKeyHash: null });
  });

  it("keeps only a keyed hash of the Idempotency-Key, and forgets it with the next refresh", async () => {
    const { session, tokens } = await someone(world);
    const next = await refresh(tokens.refresh, { retryKey: KEY });
    const { retryKeyHash } = await sessionRow(world.db, session.id);
    expect(retryKeyHash).toHaveLength(32);
    expect(JSON.stringify(await sessionRow(world.db, session.id))).not.toContain(KEY);
    const other = await someone(world);
    await refresh(other.tokens.refresh, { retryKey: KEY });
    expect((await sessionRow(world.db, other.session.id)).retryKeyHash).toEqual(retryKeyHash);
    await refresh(next.refresh);
    expect((await sessionRow(world.db, session.id)).retryKeyHash).toBeNull();
  });

  it("leaves every other session as it was", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user, PHONE);
    const stranger = await someone(world);
    const before = [elsewhere.session, stranger.session];
    await refresh(here.tokens.refresh);
    expect(await Promise.all(before.map(({ id }) => sessionRow(world.db, id)))).toEqual(before);
  });
});

describe("2. the answer was lost: the same pair again", () => {
  it("for the key that won, the same pair byte for byte, and nothing in the database moves", async () => {
    const { user, session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh, { retryKey: KEY });
    const row = await sessionRow(world.db, session.id);
    world.clock.advance(7 * MINUTE);
    expect(await refresh(tokens.refresh, { retryKey: KEY, device: PHONE })).toEqual(first);
    expect(await refresh(tokens.refresh, { retryKey: KEY, delivery: "cookie" })).toEqual(first);
    expect(await sessionRow(world.db, session.id)).toEqual({ ...row, retries: 1 });
    expect(await endingsOf(world.db, user.id)).toEqual([]);
    expect(claimsOf((await refresh(first.refresh)).refresh).gen).toBe(3);
  });

  it("forty simultaneous refreshes with one key: one generation, and the same pair for all of them", async () => {
    const { user, session, tokens } = await someone(world);
    const pairs = await times(40, () => refresh(tokens.refresh, { retryKey: KEY }));
    expect(new Set(pairs.map((pair) => JSON.stringify(pair))).size).toBe(1);
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2, revokedAt: null });
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("a thief without the key, among those who have it, ends the session", async () => {
    const { session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh, { retryKey: KEY });
    expect(await ask(tokens.refresh, { device: PHONE })).toEqual(refused.blacklisted("token_reused"));
    expect(await ask(tokens.refresh, { retryKey: KEY })).toEqual(refused.blacklisted("token_reused"));
    expect(await ask(first.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2 });
  });

  it("with the key a second before 24 hours have gone by", async () => {
    const { tokens } = await someone(world);
    const first = await refresh(tokens.refresh, { retryKey: KEY });
    world.clock.advance(DAY - 1);
    const again = await refresh(tokens.refresh, { retryKey: KEY });
    expect(again.refresh).toBe(first.refresh);
  });

  it.each([
    "json",
    "cookie",
  ] as const)("with an access token that has not run out, by %s, however late the key comes", async (delivery) => {
    const { session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh, { retryKey: KEY, delivery });
    world.clock.advance(30 * MINUTE);
    const again = await refresh(tokens.refresh, { retryKey: KEY, delivery });
    const now = epochSeconds(world.clock.now());
    expect(again.refresh).toBe(first.refresh);
    expect(claimsOf(again.access)).toMatchObject({ iat: now, exp: now + 30 * MINUTE, sid: session.id });
  });

  it("what goes to another address by the key is told in the history, five times at the most", async () => {
    const { user, session, tokens } = await someone(world);
    await refresh(tokens.refresh, { retryKey: KEY });
    await refresh(tokens.refresh, { retryKey: KEY });
    expect(await eventsOf(world.db, user.id)).toHaveLength(1);
    for (let round = 0; round < 7; round += 1)
      await refresh(tokens.refresh, { retryKey: KEY, device: PHONE });
    const retried = (await eventsOf(world.db, user.id)).filter(
      ({ type }) => type === "refresh_token.retried",
    );
    expect(retried).toHaveLength(5);
    expect(retried[0]).toMatchObject({ sessionId: session.id, ...PHONE });
  });

  it("not with the key 24 hours after: that is reuse", async () => {
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh, { retryKey: KEY });
    world.clock.advance(DAY);
    expect(await ask(tokens.refresh, { retryKey: KEY })).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it.each([
    ["another key", KEY, `${KEY}x`],
    ["a key in another case", KEY, KEY.toUpperCase()],
    ["no key where one won", KEY, null],
    ["a key where none won", null, KEY],
    ["an empty key where none won", null, ""],
  ])("not with %s: that is reuse", async (_, won, comes) => {
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh, { retryKey: won });
    world.clock.advance(10);
    expect(await ask(tokens.refresh, { retryKey: comes })).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      generation: 2,
      revokedReason: "token_reused",
    });
  });

  it.each([
    "json",
    "cookie",
  ] as const)("not after the successor was used, by %s, with the right key or within the window", async (delivery) => {
    const { session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh, { delivery, retryKey: KEY });
    await refresh(first.refresh, { delivery, retryKey: `${KEY}-2` });
    world.clock.advance(10);
    const again = await ask(tokens.refresh, { delivery, retryKey: KEY });
    expect(again).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      generation: 3,
      revokedReason: "token_reused",
    });
  });

  it("not for an older token with the key that won the present generation", async () => {
    const { session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh);
    await refresh(first.refresh, { retryKey: KEY });
    world.clock.advance(10);
    expect(await ask(tokens.refresh, { retryKey: KEY })).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("one person's key opens nothing of another's", async () => {
    const ada = await someone(world);
    const eve = await someone(world);
    await refresh(ada.tokens.refresh, { retryKey: KEY });
    const pair = await refresh(eve.tokens.refresh, { retryKey: KEY });
    expect(claimsOf(pair.refresh)).toMatchObject({ sid: eve.session.id, gen: 2 });
    expect(await sessionRow(world.db, ada.session.id)).toMatchObject({ generation: 2, revokedAt: null });
  });

  it("by cookie within 10 s: two tabs with one jar hold the same pair", async () => {
    const { user, session, tokens } = await someoneInBrowser(world);
    const first = await refresh(tokens.refresh, { delivery: "cookie" });
    const row = await sessionRow(world.db, session.id);
    world.clock.advance(9.9);
    expect(await refresh(tokens.refresh, { delivery: "cookie" })).toEqual(first);
    expect(await sessionRow(world.db, session.id)).toEqual({ ...row, retries: 1 });
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("not by cookie to a thief with another browser, however soon: the session ends as reuse", async () => {
    const { user, session, tokens } = await someone(world);
    const won = await refresh(tokens.refresh);
    const mailsBefore = (await mailsTo(world.app, user.email)).length;
    world.clock.advance(1);
    const thief = { delivery: "cookie", device: { ...LAPTOP, userAgent: "curl/8" } } as const;
    expect(await ask(tokens.refresh, thief)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      generation: 2,
      revokedReason: "token_reused",
    });
    expect(await ask(won.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await mailsTo(world.app, user.email)).toHaveLength(mailsBefore + 1);
  });

  it("not by cookie to the same browser in another network", async () => {
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh, { delivery: "cookie" });
    const elsewhere = { delivery: "cookie", device: { ...LAPTOP, ip: "203.0.113.66" } } as const;
    expect(await ask(tokens.refresh, elsewhere)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("not by cookie at 10 s, and a retry granted before has not moved the window", async () => {
    const { session, tokens } = await someoneInBrowser(world);
    await refresh(tokens.refresh, { delivery: "cookie" });
    world.clock.advance(9);
    await refresh(tokens.refresh, { delivery: "cookie" });
    world.clock.advance(1);
    expect(await ask(tokens.refresh, { delivery: "cookie" })).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("thirty simultaneous loads of one jar: one generation, five retries, and nobody is logged out", async () => {
    const { session, tokens } = await someoneInBrowser(world);
    const outcomes = await times(30, () => ask(tokens.refresh, { delivery: "cookie" }));
    const pairs = outcomes.flatMap((outcome) => (outcome.kind === "refreshed" ? [outcome.tokens] : []));
    expect(pairs).toHaveLength(6);
    expect(new Set(pairs.map((pair) => JSON.stringify(pair))).size).toBe(1);
    const lost = outcomes.filter(({ kind }) => kind !== "refreshed");
    expect(lost).toEqual(Array(24).fill(refused.blacklisted("rotated")));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 2, revokedAt: null });
  });

  it("five times for each generation anew", async () => {
    const { tokens } = await someoneInBrowser(world);
    let token = tokens.refresh;
    for (let round = 0; round < 3; round += 1) {
      const next = await refresh(token, { delivery: "cookie" });
      for (let retry = 0; retry < 5; retry += 1)
        expect(await refresh(token, { delivery: "cookie" })).toEqual(next);
      expect(await ask(token, { delivery: "cookie" })).toEqual(refused.blacklisted("rotated"));
      token = next.refresh;
    }
  });

  it.each([
    ["with another program", { userAgent: "curl/8" }],
    ["from another network", { ip: "203.0.113.9" }],
  ])("not by cookie %s: a thief who waits for the window ends the session", async (_, other) => {
    const { session, tokens } = await someoneInBrowser(world);
    await refresh(tokens.refresh, { delivery: "cookie" });
    const thief = { delivery: "cookie", device: { ...LAPTOP, ...other } } as const;
    expect(await ask(tokens.refresh, thief)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("at another address of one IPv6 network, and the history says so", async () => {
    const { user, tokens } = await someoneInBrowser(world);
    const at = (ip: string) => ({ delivery: "cookie", device: { ...LAPTOP, ip } }) as const;
    const first = await refresh(tokens.refresh, at("2001:db8:0:7::1"));
    expect(await refresh(tokens.refresh, at("2001:db8:0:7::2"))).toEqual(first);
    expect(await eventsOf(world.db, user.id)).toContainEqual(
      expect.objectContaining({ type: "refresh_token.retried", ip: "2001:db8:0:7::2" }),
    );
  });

  it("not for a session that was begun by json, whatever way its token comes: nobody rides along", async () => {
    const { user, session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh);
    const mails = (await mailsTo(world.app, user.email)).length;
    const thief = { delivery: "cookie", device: PHONE } as const;
    expect(await ask(tokens.refresh, thief)).toEqual(refused.blacklisted("token_reused"));
    expect(await ask(first.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
    expect(await mailsTo(world.app, user.email)).toHaveLength(mails + 1);
  });

  it("not by json for a session that was begun by cookie", async () => {
    const { session, tokens } = await someoneInBrowser(world);
    await refresh(tokens.refresh, { delivery: "cookie" });
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("rotated"));
    world.clock.advance(10);
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("by cookie for a session older than the record of how it began, which its refresh settles", async () => {
    const { session, tokens } = await someone(world);
    await writeSession(world.db, session.id, { delivery: null });
    const first = await refresh(tokens.refresh, { delivery: "cookie" });
    expect(await sessionRow(world.db, session.id)).toMatchObject({ delivery: "cookie" });
    expect(await refresh(tokens.refresh, { delivery: "cookie" })).toEqual(first);
  });

  it("by json within REFRESH_RETRY_WINDOW_JSON where that is set, and not at its end", async () => {
    const app = await world.with({ REFRESH_RETRY_WINDOW_JSON: "15s" });
    const { session, tokens } = await someone(world);
    const first = await refresh(tokens.refresh, {}, app);
    world.clock.advance(14.9);
    expect(await refresh(tokens.refresh, {}, app)).toEqual(first);
    world.clock.advance(0.1);
    expect(await ask(tokens.refresh, {}, app)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("not by cookie where REFRESH_RETRY_WINDOW is 0, however wide the window for json", async () => {
    const app = await world.with({ REFRESH_RETRY_WINDOW: "0s", REFRESH_RETRY_WINDOW_JSON: "60s" });
    const { tokens } = await someoneInBrowser(world);
    await refresh(tokens.refresh, { delivery: "cookie" }, app);
    expect(await ask(tokens.refresh, { delivery: "cookie" }, app)).toEqual(
      refused.blacklisted("token_reused"),
    );
  });

  it("under an asymmetric algorithm the same refresh token, and an access token that says the same", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const app = await world.with({ ALGORITHM: "ES256", SIGNING_KEY: pem });
    const { tokens } = await openSession(app, await insertPerson(world.db));
    const first = await refresh(tokens.refresh, { retryKey: KEY }, app);
    world.clock.advance(30 * MINUTE - 1);
    const again = await refresh(tokens.refresh, { retryKey: KEY }, app);
    expect(again.refresh).toBe(first.refresh);
    expect(claimsOf(again.access)).toEqual(claimsOf(first.access));
    expect(headerOf(again.access)).toEqual({ alg: "ES256", typ: "JWT", kid: expect.any(String) });
  });

  it("not once the session has ended: the right key learns only why", async () => {
    const { user, session, tokens } = await someone(world);
    await refresh(tokens.refresh, { retryKey: KEY, delivery: "cookie" });
    await logOutEverywhere(world.call({ principal: { user, session } }));
    const again = await ask(tokens.refresh, { retryKey: KEY, delivery: "cookie" });
    expect(again).toEqual(refused.blacklisted("logged_out_everywhere"));
  });
});

describe("3. spent moments ago by the client that asks: refused, and nothing more", () => {
  it("calls of one app at once lose themselves, not the session", async () => {
    const { user, session, tokens } = await someone(world);
    const next = await refresh(tokens.refresh);
    world.clock.advance(9.9);
    const row = await sessionRow(world.db, session.id);
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("rotated"));
    expect(await sessionRow(world.db, session.id)).toEqual(row);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
    await refresh(next.refresh);
  });

  it("a call that comes after two more refreshes of the same moment, too", async () => {
    const { session, tokens } = await someone(world);
    const second = await refresh(tokens.refresh);
    world.clock.advance(4);
    await refresh(second.refresh);
    world.clock.advance(5.9);
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("rotated"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 3, revokedAt: null });
    world.clock.advance(0.1);
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
  });

  it("not 10 s after: that is reuse", async () => {
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    world.clock.advance(10);
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });

  it("not for a generation that was spent long before the last one", async () => {
    const { session, tokens } = await someone(world);
    const second = await refresh(tokens.refresh);
    world.clock.advance(HOUR);
    await refresh(second.refresh);
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });
});

describe("4. a used token comes back otherwise: reuse", () => {
  it("ends the session for good, in the database, although the request fails", async () => {
    const { user, session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    const before = await sessionRow(world.db, session.id);
    world.clock.advance(HOUR);
    const now = world.clock.now();
    expect(await ask(tokens.refresh, { device: PHONE })).toEqual(refused.blacklisted("token_reused"));

    const elsewhere = openDatabase(world.connection, { maxConnections: 1, prepare: false });
    const committed = await sessionRow(elsewhere.db, session.id);
    await elsewhere.close();
    expect(committed).toEqual({ ...before, revokedAt: now, revokedReason: "token_reused" });
    const events = await eventsOf(world.db, user.id);
    expect(events.filter(({ type }) => type !== "login.succeeded")).toEqual([
      {
        id: expect.any(String),
        type: "refresh_token.reused",
        createdAt: now,
        userId: user.id,
        actorId: null,
        sessionId: session.id,
        ...PHONE,
        data: { reason: "token_reused" },
      },
    ]);
  });

  it("tells the person by one mail, however many tries, and nobody else", async () => {
    const { user, tokens } = await someone(world);
    const stranger = await someone(world);
    const before = (await mailsTo(world.app, user.email)).length;
    await refresh(tokens.refresh);
    await times(10, () => ask(tokens.refresh, { device: PHONE }));
    await ask(tokens.refresh);
    const [mail, ...more] = (await mailsTo(world.app, user.email)).slice(0, -before || undefined);
    expect(more).toEqual([]);
    expect(mail?.to).toBe(user.email);
    expect(mail?.text).toContain("/account/sessions");
    for (const secret of [tokens.access, tokens.refresh]) expect(JSON.stringify(mail)).not.toContain(secret);
    expect(await mailsTo(world.app, stranger.user.email)).toHaveLength(before);
  });

  it.each([
    ["json", refused.blacklisted("rotated")],
    ["cookie", { kind: "refreshed" }],
  ] as const)("a loser on a host whose clock is behind is no younger than the rotation, by %s", async (delivery, answer) => {
    const { tokens } = delivery === "json" ? await someone(world) : await someoneInBrowser(world);
    world.clock.advance(60);
    await refresh(tokens.refresh, { delivery });
    const input = { token: tokens.refresh, delivery, retryKey: null, device: LAPTOP };
    expect(
      await refreshSession(world.call({ now: secondsAfter(world.clock.now(), -5) }), input),
    ).toMatchObject(answer);
  });

  it("kills the winner's pair, whoever of the two is the thief", async () => {
    const { tokens } = await someone(world);
    const winner = await refresh(tokens.refresh);
    await ask(tokens.refresh, { device: PHONE });
    expect(await ask(winner.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await authenticate(world.call(), winner.access)).toEqual(
      refused.bearer("Token is blacklisted", "token_reused"),
    );
  });

  it("says so again to whoever tries again, and records it once", async () => {
    const { user, session, tokens } = await someone(world);
    const second = await refresh(tokens.refresh);
    await ask(tokens.refresh, { device: PHONE });
    const row = await sessionRow(world.db, session.id);
    world.clock.advance(MINUTE);
    for (const token of [tokens.refresh, second.refresh, tokens.refresh]) {
      expect(await ask(token, { delivery: "cookie", retryKey: KEY })).toEqual(
        refused.blacklisted("token_reused"),
      );
    }
    expect(await sessionRow(world.db, session.id)).toEqual(row);
    expect(await endingsOf(world.db, user.id)).toHaveLength(1);
  });

  it("knows every generation that ever was", async () => {
    const { session, tokens } = await someone(world);
    let newest = tokens.refresh;
    for (let turn = 0; turn < 5; turn += 1) newest = (await refresh(newest)).refresh;
    world.clock.advance(10);
    expect(await ask(tokens.refresh, { delivery: "cookie" })).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      generation: 6,
      revokedReason: "token_reused",
    });
    expect(await ask(newest)).toEqual(refused.blacklisted("token_reused"));
  });

  it("leaves the person's other devices, and everybody else, logged in", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user, PHONE);
    const stranger = await someone(world);
    await refresh(here.tokens.refresh);
    await ask(here.tokens.refresh, { device: PHONE });
    expect((await sessionRow(world.db, here.session.id)).revokedAt).not.toBeNull();
    await refresh(elsewhere.tokens.refresh);
    await refresh(stranger.tokens.refresh);
  });

  it("twenty simultaneous replays are recorded once", async () => {
    const { user, session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    const outcomes = await times(20, () => ask(tokens.refresh, { device: PHONE }));
    expect(outcomes).toEqual(Array(20).fill(refused.blacklisted("token_reused")));
    expect(await endingsOf(world.db, user.id)).toEqual([
      { type: "refresh_token.reused", sessionId: session.id, reason: "token_reused" },
    ]);
  });
});

describe("5. the session ended", () => {
  it.each(revokedReasons)("blacklists the newest and every older token, and says %s", async (reason) => {
    const { user, session, tokens } = await someone(world);
    const second = await refresh(tokens.refresh);
    await revoke(session, reason);
    const row = await sessionRow(world.db, session.id);
    for (const token of [second.refresh, tokens.refresh]) {
      expect(await ask(token)).toEqual(refused.blacklisted(reason));
    }
    expect(await sessionRow(world.db, session.id)).toEqual(row);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("log in, rotate three times, log out everywhere: the fourth generation is dead too", async () => {
    const { user, session, tokens } = await someone(world);
    const elsewhere = await openSession(world.app, user, PHONE);
    const generations = [tokens.refresh];
    for (let turn = 0; turn < 3; turn += 1)
      generations.push((await refresh(generations.at(-1) ?? "")).refresh);
    expect(claimsOf(generations.at(-1) ?? "").gen).toBe(4);
    await logOutEverywhere(world.call({ principal: { user, session } }));
    for (const token of [...generations.reverse(), elsewhere.tokens.refresh]) {
      expect(await ask(token, { delivery: "cookie" })).toEqual(refused.blacklisted("logged_out_everywhere"));
    }
    expect((await endingsOf(world.db, user.id)).map(({ reason }) => reason)).toEqual([
      "logged_out_everywhere",
      "logged_out_everywhere",
    ]);
  });

  it("refuses an inactive person's token even where nobody ended the session", async () => {
    const { user, session, tokens } = await someone(world);
    await writeUser(world.db, user.id, { isActive: false });
    expect(await ask(tokens.refresh)).toEqual(refused.blacklisted("account_deactivated"));
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it.each([
    "idleExpiresAt",
    "expiresAt",
  ] as const)("goes by the row's %s, whatever end the token names", async (column) => {
    const { session, tokens } = await someone(world);
    const end = secondsAfter(world.clock.now(), HOUR);
    await writeSession(world.db, session.id, { idleExpiresAt: end, [column]: end });
    world.clock.advance(HOUR);
    expect(await ask(tokens.refresh)).toEqual(refused.expired);
    expect(await sessionRow(world.db, session.id)).toMatchObject({ generation: 1, revokedAt: null });
  });

  it("ends 30 days after the log-in however often it is refreshed", async () => {
    const { session, tokens } = await someone(world);
    const start = world.clock.now();
    let newest = tokens.refresh;
    for (let day = 2; day < 30; day += 2) {
      world.clock.advance(2 * DAY);
      newest = (await refresh(newest)).refresh;
    }
    world.clock.advance(2 * DAY - 1);
    const last = await refresh(newest);
    const end = epochSeconds(start) + 30 * DAY;
    expect(claimsOf(last.refresh).exp).toBe(end);
    expect(claimsOf(last.access).exp).toBe(end);
    world.clock.advance(1);
    expect(await ask(last.refresh)).toEqual(refused.expired);
    expect(await authenticate(world.call(), last.access)).toEqual(refused.bearer("Token is expired"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      generation: 16,
      expiresAt: secondsAfter(start, 30 * DAY),
    });
  });

  async function revoke(session: Session, reason: RevokedReason) {
    await endSession(world.db, { sessionId: session.id }, reason, world.clock.now());
  }
});

describe("6. not a refresh token of ours, expired, or of another type", () => {
  it("refuses a token at the very second of its end, and takes it a second before", async () => {
    const early = await someone(world);
    const late = await someone(world);
    world.clock.advance(3 * DAY - 1);
    await refresh(early.tokens.refresh);
    world.clock.advance(1);
    expect(await ask(late.tokens.refresh)).toEqual(refused.expired);
    expect(await sessionRow(world.db, late.session.id)).toEqual(late.session);
  });

  it("takes a token up to LEEWAY after its end, and not at the end of that", async () => {
    const app = await world.with({ LEEWAY: "30s" });
    const early = await someone(world);
    const late = await someone(world);
    world.clock.advance(3 * DAY + 29);
    expect(await ask(early.tokens.refresh)).toEqual(refused.expired);
    await refresh(early.tokens.refresh, {}, app);
    world.clock.advance(1);
    expect(await ask(late.tokens.refresh, {}, app)).toEqual(refused.expired);
    expect(await sessionRow(world.db, late.session.id)).toEqual(late.session);
  });

  it("says of an access token that it has the wrong type, under any algorithm", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    for (const app of [world.app, await world.with({ ALGORITHM: "EdDSA", SIGNING_KEY: pem })]) {
      const { session, tokens } = await openSession(app, await insertPerson(world.db));
      expect(await ask(tokens.access, {}, app)).toEqual(refused.wrongType);
      expect(await sessionRow(world.db, session.id)).toEqual(session);
    }
  });

  it.each([
    "",
    "x",
    "a.b.c",
    "null",
    "{}",
    "Bearer x",
    "🔑",
    " ".repeat(60_000),
  ])("refuses the text %j", async (text) => {
    expect(await ask(text)).toEqual(refused.invalid);
  });

  it("refuses a token that another secret signed", async () => {
    const { session } = await someone(world);
    const app = await createApp(settingsFrom(), `${SECRET}!`, { db: world.db, clock: world.clock });
    const forged = await signTokenPair(app.tokens.keys, session, app.tokens.policy);
    expect(await ask(forged.refresh)).toEqual(refused.invalid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("refuses a token of a session that no longer has a row", async () => {
    const { session, tokens } = await someone(world);
    await deleteSession(world.db, session);
    expect(await ask(tokens.refresh)).toEqual(refused.invalid);
  });

  it("refuses a generation that has not come yet, and ends nothing over it", async () => {
    const { user, session } = await someone(world);
    const ahead = await signTokenPair(
      world.app.tokens.keys,
      { ...session, generation: 7 },
      world.app.tokens.policy,
    );
    expect(await ask(ahead.refresh, { delivery: "cookie" })).toEqual(refused.invalid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it("refuses a token whose user_id and session disagree, and rotates nothing", async () => {
    const { user, session, tokens } = await someone(world);
    const other = await someone(world);
    const forged = await signJwt(world.app.tokens.keys.refresh, {
      ...claimsOf(tokens.refresh),
      user_id: other.user.id,
      sub: other.user.id,
    });
    expect(await ask(forged)).toEqual(refused.invalid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  const NOBODY = "0199c5a0-0000-7000-8000-000000000000";
  const refreshTokenWith: [string, (sid: string) => Record<string, unknown>][] = [
    ["a jti of another generation", (sid) => ({ jti: nameOf(sid, 2) })],
    ["a jti of another session", () => ({ jti: nameOf(NOBODY, 1) })],
    ["the jti of an access token", () => ({ jti: "x".repeat(32) })],
    ["another session's id", () => ({ sid: NOBODY })],
    ["another person's id", () => ({ user_id: NOBODY, sub: NOBODY })],
    ["no generation", () => ({ gen: undefined })],
    ["generation 0", (sid) => ({ gen: 0, jti: nameOf(sid, 0) })],
    ["generation -1", (sid) => ({ gen: -1, jti: nameOf(sid, -1) })],
    ["generation 1.5", (sid) => ({ gen: 1.5, jti: nameOf(sid, 1.5) })],
    ["generation '1'", () => ({ gen: "1" })],
    ["generation [1]", () => ({ gen: [1] })],
    ["generation 2^53", (sid) => ({ gen: 2 ** 53, jti: nameOf(sid, 2 ** 53) })],
    ["another generation's number", () => ({ gen: 2 })],
  ];

  it.each(
    refreshTokenWith,
  )("refuses %s under our own signature, and ends nothing over it", async (_, change) => {
    const { user, session, tokens } = await someone(world);
    const forged = await signJwt(world.app.tokens.keys.refresh, {
      ...claimsOf(tokens.refresh),
      ...change(session.id),
    });
    expect(await ask(forged, { delivery: "cookie" })).toEqual(refused.invalid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it.each([
    ["jti", "Token has no id"],
    ["exp", "Token has no 'exp' claim"],
    ["token_type", "Token has no type"],
  ])("says as SimpleJWT does that a token under our own signature has no %s", async (name, detail) => {
    const { session, tokens } = await someone(world);
    const forged = await signJwt(world.app.tokens.keys.refresh, {
      ...claimsOf(tokens.refresh),
      [name]: undefined,
    });
    expect(await ask(forged)).toEqual({ kind: "failure", code: "token_not_valid", detail });
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  function nameOf(sessionId: string, generation: number) {
    return refreshTokenId(world.app.tokens.keys.identity, sessionId, generation);
  }
});

describe("ROTATE_REFRESH_TOKENS=false, as in SimpleJWT", () => {
  const keep = () => world.with({ ROTATE_REFRESH_TOKENS: "false" });

  it("gives a new access token and no refresh token, and the old one stays good", async () => {
    const app = await keep();
    const { session, tokens } = await someone(world);
    const seen = new Set([tokens.access]);
    for (let turn = 0; turn < 3; turn += 1) {
      world.clock.advance(HOUR);
      const outcome = await ask(tokens.refresh, { retryKey: KEY }, app);
      if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
      expect(Object.keys(outcome.tokens)).toEqual(["access"]);
      const now = epochSeconds(world.clock.now());
      expect(claimsOf(outcome.tokens.access)).toMatchObject({
        iat: now,
        exp: now + 30 * MINUTE,
        sid: session.id,
      });
      seen.add(outcome.tokens.access);
    }
    expect(seen.size).toBe(4);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("forty simultaneous uses all get an access token", async () => {
    const app = await keep();
    const { session, tokens } = await someone(world);
    const outcomes = await times(40, () => ask(tokens.refresh, {}, app));
    expect(outcomes.filter(({ kind }) => kind === "refreshed")).toHaveLength(40);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("refuses the token of an ended session, and of an inactive person", async () => {
    const app = await keep();
    const { user, session, tokens } = await someone(world);
    const elsewhere = await openSession(app, user, PHONE);
    await endSession(world.db, { sessionId: session.id }, "logged_out", world.clock.now());
    expect(await ask(tokens.refresh, {}, app)).toEqual(refused.blacklisted("logged_out"));
    await writeUser(world.db, user.id, { isActive: false });
    expect(await ask(elsewhere.tokens.refresh, {}, app)).toEqual(refused.blacklisted("account_deactivated"));
  });

  it("never outlives the refresh token", async () => {
    const app = await keep();
    const { tokens } = await someone(world);
    world.clock.advance(3 * DAY);
    expect(await ask(tokens.refresh, {}, app)).toEqual(refused.expired);
  });

  it("still knows a token that was spent while rotation was on", async () => {
    const app = await keep();
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    world.clock.advance(10);
    expect(await ask(tokens.refresh, {}, app)).toEqual(refused.blacklisted("token_reused"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "token_reused" });
  });
});
