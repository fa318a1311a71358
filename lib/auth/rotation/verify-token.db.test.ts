import { describe, expect, it } from "vitest";
import { revokedReasons } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { asymmetricAlgorithms, keyPair } from "@/lib/testing/key-material.ts";
import {
  deleteSession,
  endingsOf,
  endSession,
  insertPerson,
  sessionRow,
  writeSession,
  writeUser,
} from "@/lib/testing/records.ts";
import { claimsOf, openSession, refused, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import { refreshSession } from "./refresh-session.ts";
import { verifyToken } from "./verify-token.ts";

const DAY = 24 * 60 * 60;
const GOOD = { kind: "good" };
const BLACKLISTED = { kind: "invalid-fields", fields: { non_field_errors: ["Token is blacklisted"] } };

const world = createWorld();
const verify = (token: string, app: App = world.app) =>
  verifyToken(world.call({ app }), { token, live: false });
const verifyLive = (token: string, app: App = world.app) =>
  verifyToken(world.call({ app }), { token, live: true });
const refresh = (token: string) =>
  refreshSession(world.call(), { token, delivery: "json", retryKey: null, device: LAPTOP });

describe("1. a good access token", () => {
  it.each([undefined, ...asymmetricAlgorithms])("is good, under %s too", async (algorithm) => {
    const app = algorithm
      ? await world.with({ ALGORITHM: algorithm, SIGNING_KEY: keyPair(algorithm).privatePem })
      : world.app;
    const { tokens } = await openSession(app, await insertPerson(world.db));
    expect(await verify(tokens.access, app)).toEqual(GOOD);
    expect(await verify(tokens.refresh, app)).toEqual(GOOD);
  });

  it("stays good to the end of its minutes though its session ended: other services can't know either", async () => {
    const { session, tokens } = await someone(world);
    await endSession(
      world.db,
      { sessionId: session.id, userId: session.userId },
      "logged_out",
      world.clock.now(),
    );
    expect(await verify(tokens.access)).toEqual(GOOD);
    await deleteSession(world.db, session);
    expect(await verify(tokens.access)).toEqual(GOOD);
  });
});

describe("2. the same with live asked", () => {
  it("is good only while its session stands", async () => {
    const { session, tokens } = await someone(world);
    expect(await verifyLive(tokens.access)).toEqual(GOOD);
    await endSession(
      world.db,
      { sessionId: session.id, userId: session.userId },
      "replaced",
      world.clock.now(),
    );
    expect(await verifyLive(tokens.access)).toEqual(refused.blacklisted("replaced"));
    await deleteSession(world.db, session);
    expect(await verifyLive(tokens.access)).toEqual(refused.invalid);
  });

  it("is refused for an inactive person, for another's session, and when the session's time is over", async () => {
    const { user, session, tokens } = await someone(world);
    const stranger = await someone(world);
    const forged = await signJwt(world.app.tokens.keys.access, {
      ...claimsOf(tokens.access),
      sid: stranger.session.id,
    });
    expect(await verifyLive(forged)).toEqual(refused.invalid);
    await writeSession(world.db, session.id, { idleExpiresAt: world.clock.now() });
    expect(await verifyLive(tokens.access)).toEqual(refused.expired);
    await writeUser(world.db, user.id, { isActive: false });
    expect(await verifyLive(tokens.access)).toEqual(refused.blacklisted("account_deactivated"));
  });
});

describe("3. an outstanding refresh token", () => {
  it("is good, and asking uses nothing up", async () => {
    const { user, session, tokens } = await someone(world);
    for (let turn = 0; turn < 5; turn += 1) expect(await verify(tokens.refresh)).toEqual(GOOD);
    expect(await verifyLive(tokens.refresh)).toEqual(GOOD);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
    expect((await refresh(tokens.refresh)).kind).toBe("refreshed");
  });

  it("is good as long as it can be refreshed, LEEWAY too", async () => {
    const app = await world.with({ LEEWAY: "30s" });
    const { tokens } = await someone(world);
    world.clock.advance(3 * DAY + 29);
    expect(await verify(tokens.refresh)).toEqual(refused.expired);
    expect(await verify(tokens.refresh, app)).toEqual(GOOD);
    world.clock.advance(1);
    expect(await verify(tokens.refresh, app)).toEqual(refused.expired);
  });
});

describe("4. a blacklisted refresh token", () => {
  it("a used one is blacklisted, and asking about it is no reuse: the session lives on", async () => {
    const { user, session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    const row = await sessionRow(world.db, session.id);
    expect(await verify(tokens.refresh)).toEqual(BLACKLISTED);
    expect(await verifyLive(tokens.refresh)).toEqual(BLACKLISTED);
    expect(await sessionRow(world.db, session.id)).toEqual(row);
    expect(await endingsOf(world.db, user.id)).toEqual([]);
  });

  it.each(revokedReasons)("of a session that ended for %s", async (reason) => {
    const { session, tokens } = await someone(world);
    await endSession(world.db, { sessionId: session.id, userId: session.userId }, reason, world.clock.now());
    expect(await verify(tokens.refresh)).toEqual(BLACKLISTED);
  });

  it("of an inactive person", async () => {
    const { user, tokens } = await someone(world);
    await writeUser(world.db, user.id, { isActive: false });
    expect(await verify(tokens.refresh)).toEqual(BLACKLISTED);
  });
});

describe("5. anything else", () => {
  it("expired ones are expired, access and refresh", async () => {
    const { tokens } = await someone(world);
    world.clock.advance(30 * 60);
    expect(await verify(tokens.access)).toEqual(refused.expired);
    world.clock.advance(3 * DAY);
    expect(await verify(tokens.refresh)).toEqual(refused.expired);
  });

  it.each(["", "x", "a.b.c", "{}", " ".repeat(60_000), "🔑"])("%j is invalid", async (text) => {
    expect(await verify(text)).toEqual(refused.invalid);
    expect(await verifyLive(text)).toEqual(refused.invalid);
  });

  it("another kind of secret, signed like a token, has the wrong type", async () => {
    const { tokens } = await someone(world);
    const forged = await signJwt(world.app.tokens.keys.access, {
      ...claimsOf(tokens.access),
      token_type: "challenge",
    });
    expect(await verify(forged)).toEqual(refused.wrongType);
  });

  it("a refresh token of no session of ours is invalid", async () => {
    const { session, tokens } = await someone(world);
    await deleteSession(world.db, session);
    expect(await verify(tokens.refresh)).toEqual(refused.invalid);
  });
});
