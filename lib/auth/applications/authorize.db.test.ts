import { beforeAll, describe, expect, it } from "vitest";
import type { Application } from "@/db/queries/applications.ts";
import { pruneProofs } from "@/lib/auth/challenges/prune-challenges.ts";
import { findDestination } from "@/lib/auth/destinations/find-destination.ts";
import { keepDestination, mayLeadTo } from "@/lib/auth/destinations/keep-destination.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { CALLBACK, someApplication } from "@/lib/testing/applications.ts";
import { someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { addApplication } from "./add-application.ts";
import { authorize } from "./authorize.ts";
import { readAuthorizationRequest } from "./read-authorization-request.ts";

const world = createWorld({ CORS_ORIGINS: "https://app.example.com" });
let shop: Application;
beforeAll(async () => {
  shop = (await someApplication(world)).application;
});

const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const good = () => ({
  client_id: shop.id,
  redirect_uri: CALLBACK,
  response_type: "code",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
  state: "s-1",
});
const read = (values: Record<string, string | undefined>, repeated: string[] = []) =>
  readAuthorizationRequest(world.call(), { values, repeated });

describe("what an application asks", () => {
  it.each([
    ["no client", { client_id: undefined }],
    ["a client that is none", { client_id: "nobody" }],
    ["an unknown client", { client_id: "0199c5a0-1111-7000-8000-000000000001" }],
  ])("1. %s is refused where it stands", async (_, change) => {
    expect(await read({ ...good(), ...change })).toEqual({ kind: "refused", why: "client" });
  });

  it.each([
    undefined,
    `${CALLBACK}/`,
    `${CALLBACK}?x=1`,
    "https://shop.example.com/Callback",
    "https://shop.example.com.evil.example/callback",
    "https://evil.example/callback",
  ])("1. nobody is sent to %s, which was not registered", async (address) => {
    expect(await read({ ...good(), redirect_uri: address })).toEqual({ kind: "refused", why: "address" });
  });

  it("1. a client or an address that stands twice is none", async () => {
    expect(await read(good(), ["client_id"])).toEqual({ kind: "refused", why: "client" });
    expect(await read(good(), ["redirect_uri"])).toEqual({ kind: "refused", why: "address" });
  });

  it.each([
    ["invalid_request", { response_type: undefined }],
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_request", { response_mode: "fragment" }],
    ["invalid_request", { code_challenge: undefined }],
    ["invalid_request", { code_challenge: "short" }],
    ["invalid_request", { code_challenge_method: undefined }],
    ["invalid_request", { code_challenge_method: "plain" }],
    ["invalid_request", { prompt: "none login" }],
    ["invalid_request", { max_age: "-1" }],
    ["invalid_request", { nonce: "a\u0000b" }],
    ["request_not_supported", { request: "x" }],
    ["request_uri_not_supported", { request_uri: "x" }],
  ])("2. %s is said at its address for %j", async (error, change) => {
    expect(await read({ ...good(), ...change })).toMatchObject({
      kind: "faulty",
      error,
      redirectUri: CALLBACK,
      state: "s-1",
    });
  });

  it("3. is read, without scopes that we don't know", async () => {
    const asked = { ...good(), scope: "openid write:all email openid", max_age: "60", prompt: "login" };
    expect(await read(asked)).toMatchObject({
      kind: "read",
      request: {
        redirectUri: CALLBACK,
        scope: "openid email",
        maxAgeSeconds: 60,
        prompt: "login",
        state: "s-1",
      },
    });
  });

  it("3. on this very machine any port will do, and only the port", async () => {
    const asked = { name: "Native", redirect_addresses: ["http://127.0.0.1/cb", "com.example.app:/cb"] };
    const { client_id } = await addApplication(world.call(), asked);
    const at = (redirect_uri: string) => read({ ...good(), client_id, redirect_uri });
    expect(await at("http://127.0.0.1:49152/cb")).toMatchObject({ kind: "read" });
    expect(await at("com.example.app:/cb")).toMatchObject({ kind: "read" });
    for (const other of ["http://127.0.0.1:49152/cb2", "http://localhost:49152/cb", "https://127.0.0.1/cb"])
      expect(await at(other)).toMatchObject({ kind: "refused" });
  });
});

describe("whether a browser is sent on", () => {
  const request = { redirectUri: CALLBACK, codeChallenge: CHALLENGE, scope: "openid" };
  const ask = (
    change: object,
    principal: Awaited<ReturnType<typeof someone>> | null,
    keptAt: Date | null = null,
  ) => authorize(world.call(), { application: shop, request: { ...request, ...change }, keptAt }, principal);

  it("1. not while nobody is logged in; where nobody may be asked, it says so", async () => {
    expect(await ask({}, null)).toEqual({ kind: "log-in-needed" });
    expect(await ask({ prompt: "none" }, null)).toEqual({ kind: "refused", error: "login_required" });
  });

  it("1. not by a log-in that is older than is accepted, until a new one", async () => {
    const old = await someone(world);
    world.clock.advance(120);
    expect(await ask({ maxAgeSeconds: 60 }, old)).toEqual({ kind: "log-in-needed" });
    expect(await ask({ maxAgeSeconds: 60, prompt: "none" }, old)).toMatchObject({ error: "login_required" });
    expect(await ask({ maxAgeSeconds: 121 }, old)).toMatchObject({ kind: "granted" });
    const keptAt = world.clock.now();
    expect(await ask({ prompt: "login" }, old, keptAt)).toEqual({ kind: "log-in-needed" });
    const momentBefore = await someone(world);
    expect(await ask({ prompt: "login" }, momentBefore, keptAt)).toEqual({ kind: "log-in-needed" });
    world.clock.advance(30);
    const renewed = await someone(world);
    expect(await ask({ prompt: "login" }, renewed, keptAt)).toMatchObject({ kind: "granted" });
    world.clock.advance(30);
    expect(await ask({ maxAgeSeconds: 0 }, renewed, keptAt)).toMatchObject({ kind: "granted" });
  });

  it("2. not without the strong factor that the operator asks for", async () => {
    const app = await world.with({ REQUIRE_TWO_FACTOR: "everyone" });
    const asked = { application: shop, request, keptAt: null };
    const holder = await someone(world);
    expect(await authorize(world.call({ app }), asked, holder)).toEqual({ kind: "set-up-needed" });
    const silent = { ...asked, request: { ...request, prompt: "none" as const } };
    expect(await authorize(world.call({ app }), silent, holder)).toMatchObject({
      error: "interaction_required",
    });
  });

  it("3. at once, with a code, where somebody is logged in", async () => {
    expect(await ask({}, await someone(world))).toEqual({
      kind: "granted",
      code: expect.stringMatching(/^[\w-]{43}$/),
    });
  });
});

describe("where a browser is going", () => {
  const shopping = { kind: "address", address: "https://app.example.com/cart" } as const;
  async function keep(browser: string | null = null) {
    const kept = await keepDestination(world.call(), shopping, browser);
    if (kept.kind !== "kept") throw new Error("nothing was kept");
    return kept;
  }

  it("is known to the browser that is going there, for an hour, and to nobody else", async () => {
    const { id, browser } = await keep();
    expect(await findDestination(world.call(), { id, browser })).toMatchObject(shopping);
    expect(await findDestination(world.call(), { id, browser: null })).toBeNull();
    expect(await findDestination(world.call(), { id, browser: (await keep()).browser })).toBeNull();
    world.clock.advance(3_599);
    expect(await findDestination(world.call(), { id, browser })).toMatchObject(shopping);
    world.clock.advance(2);
    expect(await findDestination(world.call(), { id, browser })).toBeNull();
  });

  it("is each tab's own, in one browser", async () => {
    const first = await keep();
    const second = await keep(first.browser);
    expect(second.browser).toBe(first.browser);
    expect(second.id).not.toBe(first.id);
  });

  it("is forgotten afterwards", async () => {
    const { id, browser } = await keep();
    const early = secondsAfter(world.clock.now(), 30);
    world.clock.advance(3_601);
    await pruneProofs({ app: world.app, now: world.clock.now() });
    expect(await findDestination({ app: world.app, now: early }, { id, browser })).toBeNull();
  });

  it.each([
    ["/account/security", true],
    ["https://app.example.com/cart?item=1", true],
    ["https://shop.example.com/anywhere", true],
    ["https://evil.example/", false],
    ["https://app.example.com.evil.example/", false],
    ["https://app.example.com@evil.example/", false],
    ["//app.example.com/", false],
    ["http://app.example.com/", false],
    ["javascript:alert(1)", false],
    ["/api/me", false],
    ["https:app.example.com", false],
    ["https://app.example.com\\@evil.example/", false],
  ])("?next= %s may be led to: %s", async (next, allowed) => {
    expect(await mayLeadTo(world.call(), next)).toBe(allowed);
  });

  it("a client that begins more than anybody would is told to wait", async () => {
    const app = await world.with({ RATE_LIMITS: "on" });
    const device = { ip: "203.0.113.77", userAgent: "flood" };
    const begin = () => keepDestination(world.call({ app, device }), shopping, "b");
    expect(await begin()).toMatchObject({ kind: "kept" });
    const soon = secondsAfter(world.clock.now(), 3_599).toISOString();
    await world.db.$client`update rate_limits set full_at = ${soon}::timestamptz`;
    expect(await begin()).toMatchObject({ code: "throttled" });
    const call = world.call({ app, device: { ...device, ip: "203.0.113.78" } });
    expect(await keepDestination(call, shopping, "b")).toMatchObject({ kind: "kept" });
  });
});
