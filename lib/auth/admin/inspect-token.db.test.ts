import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { actsOn, someAdmin } from "@/lib/testing/admins.ts";
import { keyPair } from "@/lib/testing/key-material.ts";
import { deleteSession, eventsOf } from "@/lib/testing/records.ts";
import { claimsOf, type Holder, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP, SECRET, settingsFrom } from "@/lib/testing/world.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { refreshTokenId } from "@/lib/tokens/token-id.ts";
import { inspectToken } from "./inspect-token.ts";

const world = createWorld();
const now = () => world.clock.now();
const DAY = 24 * 60 * 60;

let admin: Holder;
beforeAll(async () => {
  admin = await someAdmin(world);
});

const inspect = (text: string, by: "token" | "jti" = "token") =>
  inspectToken(world.call({ principal: admin, now: now() }), { by, text });

/** By the token itself and by its jti, which must say the same. */
async function both(token: string) {
  const answers = [await inspect(token), await inspect(String(claimsOf(token).jti), "jti")];
  const [first, second] = answers.map((answer) => {
    if (answer.kind !== "inspected") throw new Error(JSON.stringify(answer));
    const { kind, state, generation, since, reason, session_id: id, user } = answer.token;
    return { kind, state, generation, since, reason, id, email: user.email };
  });
  expect(second).toEqual(first);
  return first;
}

async function refresh(token: string): Promise<{ access: string; refresh: string }> {
  const input = { token, delivery: "json", retryKey: null, device: LAPTOP } as const;
  const outcome = await refreshSession(world.call({ now: now() }), input);
  if (outcome.kind !== "refreshed" || !outcome.tokens.refresh) throw new Error(outcome.kind);
  return { access: outcome.tokens.access, refresh: outcome.tokens.refresh };
}

describe("2. what is not ours", () => {
  it("is refused by field, as a token and as a jti, and leaves no trace", async () => {
    const { user, session, tokens } = await someone(world);
    const stranger = await createApp(settingsFrom(), `${SECRET}!`, { db: world.db, clock: world.clock });
    const forged = await signTokenPair(stranger.tokens.keys, session, stranger.tokens.policy);
    const { keys, policy } = world.app.tokens;
    const ahead = await signTokenPair(keys, { ...session, generation: 7 }, policy);
    const other = { ...claimsOf(tokens.refresh), jti: refreshTokenId(keys.identity, admin.session.id, 1) };
    const swapped = await signJwt(keys.refresh, other);
    const none = { ...claimsOf(tokens.refresh), token_type: "reset" };
    for (const text of [
      forged.refresh,
      forged.access,
      ahead.refresh,
      swapped,
      await signJwt(keys.refresh, none),
      "x",
      "",
    ]) {
      expect(await inspect(text)).toEqual({
        kind: "invalid-fields",
        fields: { token: ["Token is invalid"] },
      });
    }
    for (const text of [
      "x",
      user.id,
      String(claimsOf(forged.refresh).jti),
      String(claimsOf(ahead.refresh).jti),
    ]) {
      const refused = { kind: "invalid-fields", fields: { jti: ["No token of ours has this jti."] } };
      expect(await inspect(text, "jti")).toEqual(refused);
    }
    expect(await actsOn(world, user.id)).toEqual([]);
  });
});

describe("3. a token whose session is gone", () => {
  it("is not found", async () => {
    const { session, tokens } = await someone(world);
    await deleteSession(world.db, session);
    expect(await inspect(tokens.refresh)).toMatchObject({ code: "not_found" });
    expect(await inspect(tokens.access)).toMatchObject({ code: "not_found" });
  });
});

describe("4. a token of a session that ended", () => {
  it("is blacklisted since then, for the session's reason, every generation and the access token", async () => {
    const { user, session, tokens } = await someone(world);
    const next = await refresh(tokens.refresh);
    world.clock.advance(60);
    await logOutUser(world.call({ now: now() }), { userId: user.id });
    const dead = { state: "blacklisted", since: now().toISOString(), reason: "revoked_by_admin" };
    const whose = { id: session.id, email: user.email };
    expect(await both(tokens.refresh)).toEqual({ kind: "refresh", generation: 1, ...dead, ...whose });
    expect(await both(next.refresh)).toEqual({ kind: "refresh", generation: 2, ...dead, ...whose });
    expect(await both(next.access)).toEqual({ kind: "access", generation: 2, ...dead, ...whose });
  });

  it("is blacklisted with its person's account", async () => {
    const { user, tokens } = await someone(world);
    await deactivateUser(world.call({ now: now() }), { userId: user.id });
    expect(await both(tokens.access)).toMatchObject({ state: "blacklisted", reason: "account_deactivated" });
  });

  it("by time is expired", async () => {
    const { session, tokens } = await someone(world);
    world.clock.advance(4 * DAY);
    admin = await someAdmin(world);
    const expired = { state: "expired", reason: "expired" };
    expect(await both(tokens.refresh)).toMatchObject({
      ...expired,
      since: session.idleExpiresAt.toISOString(),
    });
    expect(await both(tokens.access)).toMatchObject(expired);
  });
});

describe("5. a refresh token that was used", () => {
  it("is blacklisted since its successor was made, where that is known", async () => {
    const { tokens } = await someone(world);
    world.clock.advance(60);
    const second = await refresh(tokens.refresh);
    const rotatedAt = now().toISOString();
    expect(await both(tokens.refresh)).toMatchObject({
      state: "blacklisted",
      reason: "rotated",
      generation: 1,
      since: rotatedAt,
    });
    await refresh(second.refresh);
    expect(await both(tokens.refresh)).toMatchObject({ reason: "rotated", generation: 1, since: null });
    expect(await both(second.refresh)).toMatchObject({ reason: "rotated", generation: 2 });
  });
});

describe("6. and 7. an access token", () => {
  it("is outstanding until its end, though its generation is over, and expired from then on", async () => {
    const { session, tokens } = await someone(world);
    await refresh(tokens.refresh);
    expect(await both(tokens.access)).toMatchObject({
      state: "outstanding",
      generation: 1,
      reason: null,
      since: null,
    });
    world.clock.advance(30 * 60);
    const end = secondsAfter(session.createdAt, 30 * 60).toISOString();
    expect(await both(tokens.access)).toMatchObject({ state: "expired", reason: "expired", since: end });
  });

  it("that another service signed with our key is of no known generation", async () => {
    const { tokens } = await someone(world);
    const foreign = await signJwt(world.app.tokens.keys.access, {
      ...claimsOf(tokens.access),
      jti: "theirs",
    });
    expect(await inspect(foreign)).toMatchObject({
      token: { kind: "access", jti: "theirs", state: "outstanding", generation: null },
    });
  });
});

describe("7. the newest refresh token", () => {
  it("is outstanding, and all that is known of it is told, but the token", async () => {
    const { user, session, tokens } = await someone(world);
    const answer = await inspect(tokens.refresh);
    expect(answer).toMatchObject({
      token: {
        kind: "refresh",
        jti: claimsOf(tokens.refresh).jti,
        state: "outstanding",
        generation: 1,
        since: null,
        reason: null,
        user: { id: user.id, email: user.email, name: "" },
        session_id: session.id,
        session: { id: session.id, jti: claimsOf(tokens.refresh).jti, state: "outstanding" },
      },
    });
    expect(JSON.stringify(answer)).not.toContain(tokens.refresh.split(".")[2]);
  });

  it("that somebody looked at it is on record, without the token", async () => {
    const { user, session, tokens } = await someone(world);
    await inspect(tokens.refresh);
    expect(await actsOn(world, user.id)).toEqual([
      {
        type: "token.inspected",
        actorId: admin.user.id,
        sessionId: session.id,
        data: { kind: "refresh", generation: 1, by: "token" },
      },
    ]);
    const trail = JSON.stringify(await eventsOf(world.db, user.id));
    for (const part of tokens.refresh.split(".").slice(1)) expect(trail).not.toContain(part);
  });

  it("under an asymmetric algorithm is told from an access token too", async () => {
    const app = await world.with({ ALGORITHM: "ES256", SIGNING_KEY: keyPair("ES256").privatePem });
    const { session } = await someone(world);
    const tokens = await signTokenPair(app.tokens.keys, session, app.tokens.policy);
    for (const kind of ["access", "refresh"] as const) {
      const answer = await inspectToken(world.call({ app, principal: admin, now: now() }), {
        by: "token",
        text: tokens[kind],
      });
      expect(answer).toMatchObject({ token: { kind, generation: 1, state: "outstanding" } });
    }
  });
});
