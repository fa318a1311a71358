import { beforeAll, describe, expect, it } from "vitest";
import { type Executor, openDatabase } from "@/db/client.ts";
import type { Application } from "@/db/queries/applications.ts";
import { lockSession } from "@/db/queries/sessions.ts";
import { changePassword } from "@/lib/auth/password/change-password.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOut, logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { replaceSession } from "@/lib/auth/sessions/replace-session.ts";
import { revokeOtherSessions, revokeOwnSession } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import { CALLBACK, opened, type Sent, sentOn, someApplication } from "@/lib/testing/applications.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionRow, sessionsOf, writeUser } from "@/lib/testing/records.ts";
import { claimsOf, openSession, someone, someoneInBrowser, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { redeemCode } from "./redeem-code.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { removeApplication } from "./remove-application.ts";

const world = createWorld();
const REFUSED = { kind: "refused" };
const SERVER = { ip: "198.51.100.9", userAgent: "node" };
let shop: Application;
beforeAll(async () => {
  shop = (await someApplication(world)).application;
});

const redeem = (sent: Sent, app = world.app) => redeemCode(world.call({ app, device: SERVER }), shop, sent);

const refresh = (token: string) =>
  refreshTokens(world.call({ device: SERVER }), shop, { token, retryKey: null });

describe("1. a code that is not this application's to redeem", () => {
  it("is refused another application, address or verifier, and is as good as before", async () => {
    const holder = await someone(world);
    const other = (await someApplication(world, { name: "Other" })).application;
    const sent = await sentOn(world, holder, shop);
    expect(await redeemCode(world.call(), other, sent)).toEqual(REFUSED);
    expect(await redeem({ ...sent, redirectUri: `${CALLBACK}/` })).toEqual(REFUSED);
    expect(await redeem({ ...sent, verifier: "x".repeat(43) })).toEqual(REFUSED);
    expect(await redeem({ ...sent, code: "no-such-code" })).toEqual(REFUSED);
    expect(await redeem(sent)).toMatchObject({ kind: "issued" });
  });
});

describe("2. a code whose log-in is over", () => {
  it.each([
    ["logged out", (holder: Awaited<ReturnType<typeof someone>>) => logOut(world.call(), holder.tokens)],
    ["logged out everywhere", (holder) => logOutEverywhere(world.call({ principal: holder }))],
    ["deactivated", (holder) => writeUser(world.db, holder.user.id, { isActive: false })],
  ])("opens nothing once its person was %s", async (_, end) => {
    const holder = await someone(world);
    const sent = await sentOn(world, holder, shop);
    await end(holder);
    expect(await redeem(sent)).toEqual(REFUSED);
  });

  it("opens nothing once the password was changed, though the browser stays logged in", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const sent = await sentOn(world, holder, shop);
    const change = { currentPassword: PASSWORD, newPassword: "another horse battery" };
    expect(await changePassword(world.call({ principal: holder }), change)).toEqual({ kind: "changed" });
    expect(await redeem(sent)).toEqual(REFUSED);
  });

  it("opens nothing once its application was removed", async () => {
    const holder = await someone(world);
    const { application } = await someApplication(world, { name: "Gone" });
    const sent = await sentOn(world, holder, application);
    await removeApplication(world.call(), application.id);
    expect(await redeemCode(world.call(), application, sent)).toEqual(REFUSED);
  });
});

describe("3. a code that is used twice", () => {
  it("ends the session it made, for somebody may have copied it", async () => {
    const holder = await someone(world);
    const sent = await sentOn(world, holder, shop);
    const first = await redeem(sent);
    if (first.kind !== "issued") throw new Error("a good code was refused");
    expect(await redeem(sent)).toEqual(REFUSED);
    expect(await refresh(first.body.refresh_token)).toMatchObject({ kind: "failure" });
    expect(await authenticate(world.call(), first.body.access_token)).toMatchObject({
      extra: { reason: "token_reused" },
    });
    expect(await authenticate(world.call(), holder.tokens.access)).toMatchObject({ kind: "authenticated" });
  });

  it("ends nothing where whoever has it doesn't know the verifier", async () => {
    const holder = await someone(world);
    const sent = await sentOn(world, holder, shop);
    const first = await redeem(sent);
    if (first.kind !== "issued") throw new Error("a good code was refused");
    expect(await redeem({ ...sent, verifier: "x".repeat(43) })).toEqual(REFUSED);
    expect(await refresh(first.body.refresh_token)).toMatchObject({ kind: "issued" });
  });

  it("of twenty uses at once, at two processes, exactly one makes a session, and that one is over", async () => {
    const holder = await someone(world);
    const sent = await sentOn(world, holder, shop);
    const second = openDatabase(world.connection, { maxConnections: 10, prepare: true });
    const elsewhere = { ...world.app, db: second.db };
    const outcomes = await times(20, (i) => redeem(sent, i % 2 ? elsewhere : world.app));
    await second.close();
    expect(outcomes.filter(({ kind }) => kind === "issued")).toHaveLength(1);
    const made = (await sessionsOf(world.db, holder.user.id)).filter(({ id }) => id !== holder.session.id);
    expect(made.map(({ revokedReason }) => revokedReason)).toEqual(["token_reused"]);
  });
});

describe("4. a code that is too old", () => {
  it("is good for a minute", async () => {
    const holder = await someone(world);
    const [sent, late] = [await sentOn(world, holder, shop), await sentOn(world, holder, shop)];
    world.clock.advance(59);
    expect(await redeem(sent)).toMatchObject({ kind: "issued" });
    world.clock.advance(2);
    expect(await redeem(late)).toEqual(REFUSED);
  });
});

describe("5. a good code", () => {
  it("makes a session of its own, that stands on the browser's log-in and is opened from it", async () => {
    const holder = await someone(world);
    world.clock.advance(300);
    const body = await opened(world, holder, shop, { nonce: "n-1" });
    const { sid } = claimsOf(body.access_token);
    const row = await sessionRow(world.db, String(sid));
    expect(row).toMatchObject({
      applicationId: shop.id,
      openedBy: holder.session.id,
      scope: "openid profile email",
      delivery: "json",
      ip: LAPTOP.ip,
      userAgent: LAPTOP.userAgent,
      authenticatedAt: holder.session.authenticatedAt,
      amr: holder.session.amr,
    });
    expect(await eventsOf(world.db, holder.user.id)).toContainEqual(
      expect.objectContaining({ type: "application.opened", data: { application: "My shop" } }),
    );
    expect(await mailsTo(world.app, holder.user.email)).toEqual([]);
  });

  it("gives an ID token that others can verify, about who logged in and when", async () => {
    const holder = await someone(world);
    const body = await opened(world, holder, shop, { nonce: "n-1" });
    const { app } = world;
    expect(await verifyJwt(app.tokens.keys.id, body.id_token ?? "")).toEqual({
      iss: app.settings.APP_URL,
      aud: shop.id,
      iat: epochSeconds(world.clock.now()),
      exp: epochSeconds(world.clock.now()) + body.expires_in,
      auth_time: epochSeconds(holder.session.authenticatedAt),
      amr: holder.session.amr,
      sid: claimsOf(body.access_token).sid,
      nonce: "n-1",
      sub: holder.user.id,
      email: holder.user.email,
      email_verified: true,
      name: holder.user.name,
    });
    expect(app.tokens.keys.id.algorithm).toBe("ES256");
    expect(claimsOf(body.access_token)).toMatchObject({ client_id: shop.id, iss: app.settings.APP_URL });
  });

  it("an ID token is no access token, and no refresh token", async () => {
    const body = await opened(world, await someone(world), shop);
    expect(await authenticate(world.call(), body.id_token ?? "")).toMatchObject({ kind: "failure" });
    expect(await refresh(body.id_token ?? "")).toMatchObject({ kind: "failure" });
  });

  it("tells nothing that was not asked for", async () => {
    const body = await opened(world, await someone(world), shop, { scope: "email" });
    expect(body.id_token).toBeUndefined();
    const claims = await verifyJwt(
      world.app.tokens.keys.id,
      (await opened(world, await someone(world), shop, { scope: "openid" })).id_token ?? "",
    );
    expect(claims).not.toHaveProperty("email");
    expect(claims).not.toHaveProperty("name");
    expect(claims).not.toHaveProperty("nonce");
  });
});

describe("the sessions that a browser opened", () => {
  it("end with it, whoever ends it", async () => {
    const holder = await someone(world);
    const phone = await openSession(world.app, holder.user);
    const body = await opened(world, holder, shop);
    const call = world.call({ principal: phone });
    expect(await revokeOwnSession(call, holder.session.id)).toEqual({ kind: "revoked" });
    expect(await authenticate(world.call(), body.access_token)).toMatchObject({
      extra: { reason: "revoked_by_owner" },
    });
    expect(await authenticate(world.call(), phone.tokens.access)).toMatchObject({ kind: "authenticated" });
  });

  it("end alone where only they are ended", async () => {
    const holder = await someone(world);
    const body = await opened(world, holder, shop);
    const sid = String(claimsOf(body.access_token).sid);
    await revokeOwnSession(world.call({ principal: holder }), sid);
    expect(await authenticate(world.call(), body.access_token)).toMatchObject({ kind: "failure" });
    expect(await authenticate(world.call(), holder.tokens.access)).toMatchObject({ kind: "authenticated" });
  });

  it("go on under the next one where the same person logs in again in that browser, and not another's", async () => {
    const holder = await someoneInBrowser(world);
    const body = await opened(world, holder, shop);
    const again = await openSession(world.app, holder.user, { ...LAPTOP, delivery: "cookie" });
    await replaceSession(world.call(), { token: holder.tokens.refresh, by: again.session });
    expect(await sessionRow(world.db, String(claimsOf(body.access_token).sid))).toMatchObject({
      openedBy: again.session.id,
      revokedAt: null,
    });
    const stranger = await someoneInBrowser(world);
    await replaceSession(world.call(), { token: again.tokens.refresh, by: stranger.session });
    expect(await authenticate(world.call(), body.access_token)).toMatchObject({
      extra: { reason: "replaced" },
    });
    expect(await authenticate(world.call(), stranger.tokens.access)).toMatchObject({ kind: "authenticated" });
  });

  it("end the others, their browser too, and stay themselves where one of them asks for that", async () => {
    const holder = await someone(world);
    const body = await opened(world, holder, shop);
    const caller = await authenticate(world.call(), body.access_token);
    if (caller.kind !== "authenticated") throw new Error("a good token was refused");
    expect(await revokeOtherSessions(world.call(caller))).toEqual({ kind: "revoked", count: 1 });
    expect(await authenticate(world.call(), body.access_token)).toMatchObject({ kind: "authenticated" });
    expect(await authenticate(world.call(), holder.tokens.access)).toMatchObject({ kind: "failure" });
  });

  it("none outlives its browser that is opened while that one is logged out", async () => {
    const holder = await someone(world);
    const sent = await Promise.all(Array.from({ length: 5 }, () => sentOn(world, holder, shop)));
    await Promise.all([...sent.map((each) => redeem(each)), logOut(world.call(), holder.tokens)]);
    const live = (await sessionsOf(world.db, holder.user.id)).filter(({ revokedAt }) => revokedAt === null);
    expect(live).toEqual([]);
  });
});

describe("an application's refresh token", () => {
  it("rotates like any other, always with a next one, and an old one ends the session", async () => {
    const body = await opened(world, await someone(world), shop);
    const next = await refresh(body.refresh_token);
    if (next.kind !== "issued") throw new Error("a good refresh token was refused");
    expect(next.body.scope).toBe("openid profile email");
    expect(next.body.id_token).toBeDefined();
    world.clock.advance(60);
    expect(await refresh(body.refresh_token)).toMatchObject({ extra: { reason: "token_reused" } });
    expect(await refresh(next.body.refresh_token)).toMatchObject({ kind: "failure" });
  });

  it("is nobody else's: another application and a stranger who shows none are refused, and it is not spent", async () => {
    const { application: back } = await someApplication(world, { confidential: true, name: "Back office" });
    const body = await opened(world, await someone(world), back);
    const input = { token: body.refresh_token, delivery: "json", retryKey: null, device: LAPTOP } as const;
    expect(await refresh(body.refresh_token)).toMatchObject({ detail: "Token is invalid" });
    expect(await refreshSession(world.call(), input)).toMatchObject({ detail: "Token is invalid" });
    const call = world.call({ device: SERVER });
    expect(await refreshTokens(call, back, { token: body.refresh_token, retryKey: null })).toMatchObject({
      kind: "issued",
    });
  });

  it("of a public application is taken at the plain call too", async () => {
    const body = await opened(world, await someone(world), shop);
    const input = { token: body.refresh_token, delivery: "json", retryKey: null, device: LAPTOP } as const;
    expect(await refreshSession(world.call(), input)).toMatchObject({ kind: "refreshed" });
  });

  it("of a browser is not an application's to rotate", async () => {
    const holder = await someone(world);
    expect(await refresh(holder.tokens.refresh)).toMatchObject({ detail: "Token is invalid" });
    expect(await authenticate(world.call(), holder.tokens.access)).toMatchObject({ kind: "authenticated" });
  });
});

it("ends that wait for each other all succeed: PostgreSQL breaks one off, and it is done again", async () => {
  const holder = await someone(world);
  const body = await opened(world, holder, shop);
  const rows = [holder.session.id, String(claimsOf(body.access_token).sid)];
  const lock = (transaction: Executor, id: string | undefined) =>
    lockSession(transaction, { id: id ?? "", userId: holder.user.id });
  let holding = 0;
  const crossing = ([first, second]: string[]) =>
    world.app.transaction(async (transaction) => {
      await lock(transaction, first);
      holding += 1;
      await expect.poll(() => holding).toBeGreaterThanOrEqual(2);
      return (await lock(transaction, second))?.id;
    });
  expect(await Promise.all([crossing(rows), crossing(rows.toReversed())])).toEqual(rows.toReversed());
  expect(holding).toBe(3);
});
