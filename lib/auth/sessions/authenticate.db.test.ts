import { describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { asymmetricAlgorithms, keyPair } from "@/lib/testing/key-material.ts";
import { deleteSession, sessionRow, userRow, writeSession, writeUser } from "@/lib/testing/records.ts";
import { claimsOf, openSession, refused, someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import { authenticate } from "./authenticate.ts";
import { logOutEverywhere } from "./log-out.ts";

const MINUTE = 60;

const world = createWorld();
const ask = (token: string, app: App = world.app) => authenticate(world.call({ app }), token);
const forge = (token: string, change: Record<string, unknown>, app: App = world.app) =>
  signJwt(app.tokens.keys.access, { ...claimsOf(token), ...change });

describe("1. not an access token of ours, or expired", () => {
  it("refuses a refresh token, under any algorithm", async () => {
    const { privatePem } = keyPair("ES256");
    for (const app of [world.app, await world.with({ ALGORITHM: "ES256", SIGNING_KEY: privatePem })]) {
      const { tokens } = await openSession(app, (await someone(world)).user);
      const message = app === world.app ? "Token has wrong type" : "Token is invalid";
      expect(await ask(tokens.refresh, app)).toEqual(refused.bearer(message));
      expect(await ask(tokens.access, app)).toMatchObject({ kind: "authenticated" });
    }
  });

  it("refuses nonsense, and a token with one letter changed", async () => {
    const { tokens } = await someone(world);
    const [header, payload, signature = ""] = tokens.access.split(".");
    const letter = signature.startsWith("A") ? "B" : "A";
    for (const token of ["", "x", "a.b.c", "null", `${header}.${payload}.${letter}${signature.slice(1)}`]) {
      expect(await ask(token)).toEqual(refused.bearer("Token is invalid"));
    }
  });

  it("refuses it at the second of its end and not a second before", async () => {
    const { tokens } = await someone(world);
    world.clock.advance(30 * MINUTE - 1);
    expect(await ask(tokens.access)).toMatchObject({ kind: "authenticated" });
    world.clock.advance(1);
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is expired"));
  });

  it("leaves LEEWAY to the token, and to its session", async () => {
    const app = await world.with({ LEEWAY: "30s", SESSION_MAX_LIFETIME: "10m" });
    const { tokens } = await openSession(app, (await someone(world)).user);
    world.clock.advance(10 * MINUTE + 29);
    expect(await ask(tokens.access, app)).toMatchObject({ kind: "authenticated" });
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is expired"));
    world.clock.advance(1);
    expect(await ask(tokens.access, app)).toEqual(refused.bearer("Token is expired"));
  });

  it("refuses a challenge, a reset link or any other secret that is signed like a token", async () => {
    const { tokens } = await someone(world);
    for (const type of ["challenge", "reset", "device", "sliding", "", "Access"]) {
      const forged = await forge(tokens.access, { token_type: type });
      expect(await ask(forged)).toEqual(refused.bearer("Token has wrong type"));
    }
  });

  it.each([
    ...asymmetricAlgorithms,
  ])("refuses a token of another algorithm, such as %s", async (algorithm) => {
    const app = await world.with({ ALGORITHM: algorithm, SIGNING_KEY: keyPair(algorithm).privatePem });
    const { tokens } = await openSession(app, (await someone(world)).user);
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is invalid"));
    expect(await ask(tokens.access, app)).toMatchObject({ kind: "authenticated" });
  });

  it("refuses a token for another issuer or audience", async () => {
    const app = await world.with({ ISSUER: "https://id.example", AUDIENCE: "api,web" });
    const { tokens } = await openSession(app, (await someone(world)).user);
    expect(claimsOf(tokens.access)).toMatchObject({ iss: "https://id.example", aud: ["api", "web"] });
    expect(await ask(tokens.access, app)).toMatchObject({ kind: "authenticated" });
    for (const change of [{ iss: "https://evil.example" }, { iss: undefined }, { aud: "API" }, { aud: [] }]) {
      expect(await ask(await forge(tokens.access, change, app), app)).toEqual(
        refused.bearer("Token is invalid"),
      );
    }
  });
});

describe("2. its session is unknown or another person's", () => {
  it("refuses a token that somebody signed elsewhere with the same key, for a session that never was", async () => {
    const { tokens } = await someone(world);
    const forged = await forge(tokens.access, { sid: "0199c5a0-0000-7000-8000-000000000000" });
    expect(await ask(forged)).toEqual(refused.bearer("Token is invalid"));
  });

  it("refuses one person's name on another's session", async () => {
    const eve = await someone(world);
    const ada = await someone(world);
    const forged = await forge(eve.tokens.access, { sid: ada.session.id });
    expect(await ask(forged)).toEqual(refused.bearer("Token is invalid"));
    const renamed = await forge(eve.tokens.access, { user_id: ada.user.id, sub: ada.user.id });
    expect(await ask(renamed)).toEqual(refused.bearer("Token is invalid"));
  });

  it("refuses the token of a session whose row is gone", async () => {
    const { session, tokens } = await someone(world);
    await deleteSession(world.db, session);
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is invalid"));
  });
});

describe("3. its session ended, or the person is inactive", () => {
  it("refuses at once, while the token itself has minutes to live", async () => {
    const who = await someone(world);
    await logOutEverywhere(world.call({ principal: who, device: { ip: null, userAgent: "" } }));
    expect(await ask(who.tokens.access)).toEqual(
      refused.bearer("Token is blacklisted", "logged_out_everywhere"),
    );
  });

  it("refuses an inactive person whose session nobody ended, and lets them in again once active", async () => {
    const { user, tokens } = await someone(world);
    await writeUser(world.db, user.id, { isActive: false });
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is blacklisted", "account_deactivated"));
    await writeUser(world.db, user.id, { isActive: true });
    expect(await ask(tokens.access)).toMatchObject({ kind: "authenticated" });
  });

  it("refuses when the session's time is over, however long the token says it lives", async () => {
    const { session, tokens } = await someone(world);
    await writeSession(world.db, session.id, { idleExpiresAt: world.clock.now() });
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is expired", "expired"));
  });

  it("writes nothing while it refuses", async () => {
    const { user, session, tokens } = await someone(world);
    world.clock.advance(10 * MINUTE);
    await writeUser(world.db, user.id, { isActive: false });
    await ask(tokens.access);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });
});

describe("4. the principal", () => {
  it("is the person and the session as the database has them now, whatever the token says", async () => {
    const { user, session, tokens } = await someone(world);
    await writeUser(world.db, user.id, { name: "Ada", role: "admin" });
    const forged = await forge(tokens.access, { role: "user", email: "eve@evil.example", amr: ["otp"] });
    const stored = await userRow(world.db, user.id);
    expect(stored).toMatchObject({ name: "Ada", role: "admin", email: user.email });
    expect(await ask(forged)).toEqual({ kind: "authenticated", principal: { user: stored, session } });
  });

  it("an earlier generation's access token opens the session while it lives", async () => {
    const { session, tokens } = await someone(world);
    await writeSession(world.db, session.id, { generation: 9 });
    expect(await ask(tokens.access)).toMatchObject({ kind: "authenticated" });
  });

  it("reads the person from USER_ID_CLAIM", async () => {
    const app = await world.with({ USER_ID_CLAIM: "uid" });
    const { user, tokens } = await openSession(app, (await someone(world)).user);
    expect(claimsOf(tokens.access)).toMatchObject({ uid: user.id });
    expect(claimsOf(tokens.access)).not.toHaveProperty("user_id");
    expect(await ask(tokens.access, app)).toMatchObject({ kind: "authenticated" });
    expect(await ask(tokens.access)).toEqual(refused.bearer("Token is invalid"));
  });

  it("records that the device is in use at most once in five minutes", async () => {
    const { session, tokens } = await someone(world);
    const lastSeen = async () => (await sessionRow(world.db, session.id)).lastSeenAt;
    world.clock.advance(5 * MINUTE);
    await ask(tokens.access);
    expect(await lastSeen()).toEqual(session.lastSeenAt);
    world.clock.advance(1);
    const seen = world.clock.now();
    await Promise.all(Array.from({ length: 10 }, () => ask(tokens.access)));
    expect(await sessionRow(world.db, session.id)).toEqual({ ...session, lastSeenAt: seen });
    world.clock.advance(4 * MINUTE);
    await ask(tokens.access);
    expect(await lastSeen()).toEqual(seen);
    expect(seen).toEqual(secondsAfter(session.lastSeenAt, 5 * MINUTE + 1));
  });
});
