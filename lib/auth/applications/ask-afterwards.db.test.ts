import { beforeAll, describe, expect, it } from "vitest";
import type { Application } from "@/db/queries/applications.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { AddApplicationRequest } from "@/lib/contract/applications.ts";
import { opened, someApplication } from "@/lib/testing/applications.ts";
import { sessionsOf } from "@/lib/testing/records.ts";
import { claimsOf, openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { authenticateClient } from "./authenticate-client.ts";
import { beginLogOut } from "./begin-log-out.ts";
import { introspectToken } from "./introspect-token.ts";
import { publishedKeys } from "./published-keys.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { removeApplication } from "./remove-application.ts";
import { replaceSecret } from "./replace-secret.ts";
import { revokeToken } from "./revoke-token.ts";
import { showUserInfo } from "./show-user-info.ts";

const world = createWorld();
let shop: Application;
let keysBefore: unknown;
beforeAll(async () => {
  keysBefore = await publishedKeys(world.app);
  shop = (await someApplication(world)).application;
});

const DAY = 24 * 60 * 60;

describe("who an application shows to be", () => {
  const show = (clientId: string, secret: string | null) =>
    authenticateClient(world.call(), { clientId, secret });

  it("1. 2. 3. is nobody, with an unknown id, with a secret it can't have, without one, with a wrong one", async () => {
    const { application: back, secret } = await someApplication(world, { confidential: true });
    expect(await show("nobody", null)).toEqual({ kind: "unknown" });
    expect(await show(shop.id, "a secret")).toMatchObject({ kind: "refused" });
    expect(await show(back.id, null)).toMatchObject({ kind: "refused" });
    expect(await show(back.id, `${secret}x`)).toMatchObject({ kind: "refused" });
  });

  it("4. is known by its secret, and for a day by the one before", async () => {
    const { application: back, secret } = await someApplication(world, { confidential: true });
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await show(back.id, secret)).toMatchObject({ kind: "authenticated" });
    const replaced = await replaceSecret(world.call(), back.id);
    if (replaced.kind !== "replaced") throw new Error("no new secret");
    const next = replaced.application.client_secret;
    expect(next).not.toBe(secret);
    world.clock.advance(DAY - 1);
    for (const good of [secret, next])
      expect(await show(back.id, good)).toMatchObject({ kind: "authenticated" });
    world.clock.advance(2);
    expect(await show(back.id, secret)).toMatchObject({ kind: "refused" });
    expect(await show(back.id, next)).toMatchObject({ kind: "authenticated" });
  });

  it("a public one has no secret to replace, nor has nobody", async () => {
    expect(await replaceSecret(world.call(), shop.id)).toEqual({ kind: "public" });
    expect(await replaceSecret(world.call(), "nobody")).toEqual({ kind: "unknown" });
  });
});

describe("what it may ask of a token", () => {
  const ask = (token: string) => introspectToken(world.call(), token);

  it("1. 2. 3. no token, one that ran out, one whose session ended and one that was used are inactive", async () => {
    const holder = await someone(world);
    const body = await opened(world, holder, shop);
    const next = await refreshTokens(world.call(), shop, { token: body.refresh_token, retryKey: null });
    if (next.kind !== "issued") throw new Error("refused");
    expect(await ask("nonsense")).toEqual({ active: false });
    expect(await ask(body.refresh_token)).toEqual({ active: false });
    expect(await ask(next.body.refresh_token)).toMatchObject({ active: true, token_type: "refresh_token" });
    world.clock.advance(1_801);
    expect(await ask(next.body.access_token)).toEqual({ active: false });
    await logOut(world.call(), holder.tokens);
    expect(await ask(next.body.refresh_token)).toEqual({ active: false });
  });

  it("4. a living one says whose it is, an application's and a browser's own", async () => {
    const holder = await someone(world);
    const body = await opened(world, holder, shop);
    const { sid, iat, exp } = claimsOf(body.access_token);
    expect(await ask(body.access_token)).toEqual({
      active: true,
      sub: holder.user.id,
      sid,
      client_id: shop.id,
      scope: "openid profile email",
      exp,
      iat,
      token_type: "Bearer",
    });
    expect(await ask(holder.tokens.access)).toEqual(
      expect.not.objectContaining({ client_id: expect.anything() }),
    );
  });

  it("who is logged in, as far as its scopes say", async () => {
    const holder = await someone(world);
    const show = async (scope: string) =>
      showUserInfo(world.call(), (await opened(world, holder, shop, { scope })).access_token);
    expect(await show("openid email")).toMatchObject({
      body: { sub: holder.user.id, email: holder.user.email, email_verified: true },
    });
    expect(await show("openid")).toMatchObject({ body: { sub: holder.user.id } });
    expect(await show("email")).toEqual({ kind: "insufficient-scope" });
    expect(await showUserInfo(world.call(), holder.tokens.access)).toEqual({ kind: "insufficient-scope" });
    expect(await showUserInfo(world.call(), "nonsense")).toMatchObject({ kind: "failure" });
  });
});

describe("a token that is revoked", () => {
  it("ends the application's own session, by either of its tokens, and no other", async () => {
    const holder = await someone(world);
    const { application: other } = await someApplication(world, { name: "Other" });
    for (const kind of ["access_token", "refresh_token"] as const) {
      const body = await opened(world, holder, shop);
      await revokeToken(world.call(), other, body[kind]);
      expect(await introspectToken(world.call(), body.access_token)).toMatchObject({ active: true });
      await revokeToken(world.call(), shop, body[kind]);
      expect(await introspectToken(world.call(), body.access_token)).toEqual({ active: false });
    }
    await revokeToken(world.call(), shop, holder.tokens.refresh);
    await revokeToken(world.call(), shop, "nonsense");
    expect(await authenticate(world.call(), holder.tokens.access)).toMatchObject({ kind: "authenticated" });
  });
});

describe("a browser that it sends to be logged out", () => {
  const BYE = "https://shop.example.com/bye";
  async function leaving() {
    const { application } = await someApplication(world);
    const holder = await someone(world);
    const body = await opened(world, holder, application);
    return { application, holder, hint: body.id_token ?? "" };
  }
  const nothing = { hint: null, clientId: null, address: null };

  it("1. a hint of our own making for another client, or of nobody's, counts for nothing", async () => {
    const { holder, hint } = await leaving();
    expect(await beginLogOut(world.call(), { ...nothing, hint, clientId: shop.id }, holder)).toMatchObject({
      kind: "ask",
    });
    for (const forged of ["nonsense", holder.tokens.access])
      expect(await beginLogOut(world.call(), { ...nothing, hint: forged }, holder)).toMatchObject({
        kind: "ask",
        application: null,
      });
  });

  it("2. is logged out at once by the hint of a session that it opened, however old", async () => {
    const { application, holder, hint } = await leaving();
    world.clock.advance(10 * DAY);
    expect(await beginLogOut(world.call(), { ...nothing, hint }, holder)).toMatchObject({
      kind: "at-once",
      application: { id: application.id },
    });
  });

  it("3. is asked first where the session was opened elsewhere, by another person or by nobody", async () => {
    const { holder, hint } = await leaving();
    const elsewhere = await openSession(world.app, holder.user);
    for (const [asked, principal] of [
      [{ ...nothing, hint }, elsewhere],
      [{ ...nothing, hint }, await someone(world)],
      [nothing, holder],
    ] as const)
      expect(await beginLogOut(world.call(), asked, principal)).toMatchObject({ kind: "ask" });
  });

  it("goes to no address that the application did not register", async () => {
    const { application, holder, hint } = await leaving();
    await world.db
      .$client`update applications set logged_out_addresses = array[${BYE}] where id = ${application.id}`;
    const to = async (asked: Partial<typeof nothing> | object) =>
      (await beginLogOut(world.call(), { ...nothing, ...asked }, holder)).address;
    expect(await to({ hint, address: BYE })).toBe(BYE);
    expect(await to({ clientId: application.id, address: BYE })).toBe(BYE);
    expect(await to({ address: BYE })).toBeNull();
    expect(await to({ hint, address: `${BYE}?x=1` })).toBeNull();
    expect(await to({ hint, clientId: shop.id, address: BYE })).toBeNull();
  });
});

describe("an application that is removed", () => {
  it("takes its sessions along and leaves the browser's", async () => {
    const { application } = await someApplication(world);
    const holder = await someone(world);
    await opened(world, holder, application);
    expect(await removeApplication(world.call(), application.id)).toMatchObject({
      kind: "removed",
      ended: 1,
    });
    const rows = await sessionsOf(world.db, holder.user.id);
    expect(rows.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id)).toEqual([
      holder.session.id,
    ]);
    expect(await removeApplication(world.call(), application.id)).toEqual({ kind: "unknown" });
  });
});

it("the key of ID tokens is published as soon as there is an application", async () => {
  expect(keysBefore).toEqual({ keys: [] });
  expect(await publishedKeys(world.app)).toMatchObject({
    keys: [{ alg: "ES256", use: "sig", kty: "EC", kid: expect.any(String) }],
  });
  expect(JSON.stringify(await publishedKeys(world.app))).not.toContain('"d"');
});

describe("an address that is registered", () => {
  const add = (address: string) =>
    AddApplicationRequest.safeParse({ name: "Shop", redirect_addresses: [address] }).success;

  it.each([
    "https://shop.example.com/callback",
    "https://shop.example.com",
    "http://localhost:3000/cb",
    "http://127.0.0.1/cb",
    "http://[::1]:8080/cb",
    "com.example.app:/cb",
  ])("may be %s", (address) => {
    expect(add(address)).toBe(true);
  });

  it.each([
    "http://shop.example.com/cb",
    "https://shop.example.com/cb#x",
    "https://user@shop.example.com/cb",
    "https://*.example.com/cb",
    "javascript:alert(1)",
    "data:text/html,x",
    "app:/cb",
    "//shop.example.com/cb",
    "https://",
    "http://localhost.evil.example/cb",
    "https://shop.example.com/c b",
    "",
  ])("may not be %j", (address) => {
    expect(add(address)).toBe(false);
  });
});
