import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { asc, eq } from "drizzle-orm";
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findApplication, replaceWebhookSecret } from "@/db/queries/applications.ts";
import {
  claimDelivery,
  deleteEndedDeliveries,
  deleteGivenUpOf,
  listLeftDeliveries,
  measureDeliveries,
  retryDeliveries,
} from "@/db/queries/deliveries.ts";
import { queuePersonEvent } from "@/db/queries/queue-deliveries.ts";
import { applications, deliveries } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { makeApplication, openApplication } from "@/lib/testing/opened-applications.ts";
import { someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { postOut } from "./post-out.ts";
import { isPublicAddress } from "./public-address.ts";
import { newWebhookSecret, sealWebhookSecret } from "./webhook-secret.ts";
import { deliverWaiting } from "./worker.ts";

const DAY = 24 * 60 * 60;
const world = createWorld();
let app: App;

type Got = { url: string; headers: IncomingHttpHeaders; body: string };
const got: Got[] = [];
let status: (request: Got) => number | "hang" = () => 204;
const hanging: (() => void)[] = [];
const receiver = createServer(async (incoming, outgoing) => {
  let body = "";
  for await (const chunk of incoming) body += chunk;
  const request = { url: incoming.url ?? "", headers: incoming.headers, body };
  got.push(request);
  const code = status(request);
  if (code === "hang") return void hanging.push(() => outgoing.writeHead(204).end());
  outgoing.writeHead(code, code === 302 ? { location: "/elsewhere" } : {}).end();
});
const at = (path: string) => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;

beforeAll(async () => {
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  app = await world.with({ ALLOW_PRIVATE_TARGETS: "on" });
});
afterAll(() => void receiver.close());
beforeEach(async () => {
  await world.db.delete(deliveries);
  await world.db.delete(applications);
  got.length = 0;
  status = () => 204;
});

/** An application with an address each for what is named. */
async function listening(name: string, { backchannel = false, webhook = true } = {}) {
  const made = await makeApplication(world, name);
  const secret = newWebhookSecret();
  const { sealed, keyId } = sealWebhookSecret(app.deliveries, secret, made.id);
  const addresses = {
    ...(backchannel && { backchannelAddress: at(`/out/${made.id}`) }),
    ...(webhook && { webhookAddress: at(`/hook/${made.id}`), webhookSecret: sealed, webhookKeyId: keyId }),
  };
  await world.db.update(applications).set(addresses).where(eq(applications.id, made.id));
  return { ...made, secret };
}

/** Somebody who has just logged in, of whom nobody has been told yet. */
async function newcomer() {
  const holder = await someone(world);
  await world.db.delete(deliveries);
  return holder;
}

const rows = () => world.db.select().from(deliveries).orderBy(asc(deliveries.place));
const tell = (userId: string) => queuePersonEvent(world.db, "user.updated", userId, world.clock.now());

describe("what is queued", () => {
  it("is nothing where no application has an address", async () => {
    await makeApplication(world);
    const holder = await someone(world);
    await logOut({ ...world.call(), app }, holder.tokens);
    await tell(holder.user.id);
    expect(await rows()).toEqual([]);
  });

  it("is a log-out and word of it, which the application can verify", async () => {
    const shop = await listening("Shop", { backchannel: true });
    const holder = await newcomer();
    const own = await openApplication(world, holder, shop);
    await logOut({ ...world.call(), app }, own.tokens);
    await deliverWaiting(app);
    const out = got.find(({ url }) => url.startsWith("/out/"));
    const token = new URLSearchParams(out?.body).get("logout_token") ?? "";
    const keys = createLocalJWKSet(
      app.tokens.keys.applicationJwks as Parameters<typeof createLocalJWKSet>[0],
    );
    const { payload } = await compactVerify(token, keys);
    const [told] = (await rows()).filter(({ type }) => type === "log_out");
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "ES256", typ: "logout+jwt" });
    const iat = Math.floor(world.clock.now().getTime() / 1000);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      iss: "http://localhost:3000",
      aud: shop.id,
      iat,
      exp: iat + 120,
      jti: told?.id,
      sub: holder.user.id,
      sid: own.session.id,
      events: { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    const hooks = got.filter(({ url }) => url.startsWith("/hook/"));
    expect(hooks.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: "session.created", data: { session: { id: own.session.id, reason: null } } },
      {
        type: "session.ended",
        data: {
          user: { id: holder.user.id, legacy_id: null, email: holder.user.email, is_active: true },
          session: { application: { id: shop.id, name: "Shop" }, reason: "logged_out" },
        },
      },
    ]);
    expect((await rows()).map(({ state, body }) => [state, body])).toEqual(Array(3).fill(["done", null]));
  });

  it("is signed with both secrets while the one before counts, and no secret can be read in the row", async () => {
    const { id, secret } = await listening("Shop");
    const next = newWebhookSecret();
    const previousUntil = secondsAfter(world.clock.now(), DAY);
    const sealed = sealWebhookSecret(app.deliveries, next, id);
    await replaceWebhookSecret(world.db, id, { ...sealed, previousUntil });
    await tell((await newcomer()).user.id);
    await deliverWaiting(app);
    const { headers, body } = got[0] as Got;
    const signed = [next, secret].map((each) => {
      const key = Buffer.from(each.slice("whsec_".length), "base64");
      const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
    });
    expect(headers["webhook-signature"]).toBe(signed.join(" "));
    const row = await findApplication(world.db, id);
    expect(row?.webhookSecret?.includes(next)).toBe(false);
  });
});

describe("a try", () => {
  it("that fails is made again with the same bytes, and an admin sees and repeats what was given up", async () => {
    const { id } = await listening("Shop");
    const { user } = await newcomer();
    status = () => 302;
    await tell(user.id);
    await deliverWaiting(app);
    expect(await listLeftDeliveries(world.db, id, 50)).toMatchObject([
      { attempts: 1, lastAnswer: "it answered 302, and redirects are not followed" },
    ]);
    world.clock.advance(3 * DAY);
    await deliverWaiting(app);
    expect((await rows())[0]).toMatchObject({ state: "given-up", attempts: 2 });
    expect(await retryDeliveries(world.db, id, world.clock.now())).toBe(1);
    status = () => 200;
    await deliverWaiting(app);
    expect((await rows())[0]).toMatchObject({ state: "done", body: null });
    expect(new Set(got.map(({ body, headers }) => `${headers["webhook-id"]} ${body}`)).size).toBe(1);
    expect(await measureDeliveries(world.db)).toEqual({ waiting: 0, oldest: null });
    expect(await deleteEndedDeliveries(world.db, secondsAfter(world.clock.now(), 1), 10)).toBe(1);
  });

  it("of a log-out is the last where it is refused with 400, and a person's are forgotten with them", async () => {
    const shop = await listening("Shop", { backchannel: true, webhook: false });
    const own = await openApplication(world, await someone(world), shop);
    status = () => 400;
    await logOut({ ...world.call(), app }, own.tokens);
    await deliverWaiting(app);
    expect((await rows()).map(({ state, attempts }) => [state, attempts])).toEqual([["given-up", 1]]);
    await deleteGivenUpOf(world.db, own.user.id);
    expect(await rows()).toEqual([]);
  });

  it("whose process died is made again once its lease is over, by one of two workers", async () => {
    const { id } = await listening("Shop");
    await tell((await newcomer()).user.id);
    const now = world.clock.now();
    const claim = () =>
      claimDelivery(world.db, { applicationId: id, channel: "webhook" }, now, secondsAfter(now, 60));
    expect(await claim()).toMatchObject({ attempts: 1 });
    await deliverWaiting(app);
    expect(got).toEqual([]);
    world.clock.advance(60);
    await Promise.all([deliverWaiting(app), deliverWaiting(app)]);
    expect(got).toHaveLength(1);
  });

  it("holds up the next about the same person until it has failed, and no other application", async () => {
    const [slow, quick] = [await listening("Slow"), await listening("Quick")];
    const { user } = await newcomer();
    status = ({ url }) => (url.endsWith(slow.id) ? "hang" : 204);
    await tell(user.id);
    await tell(user.id);
    const done = deliverWaiting(app);
    const to = (id: string) => got.filter(({ url }) => url.endsWith(id)).length;
    await expect.poll(() => [to(quick.id), to(slow.id)]).toEqual([2, 1]);
    status = () => 204;
    hanging.pop()?.();
    await done;
    expect(to(slow.id)).toBe(2);
  });
});

describe("the way out", () => {
  const post = { type: "text/plain", body: "x" };

  it.each([
    "http://127.0.0.1:9",
    "http://[::1]:9",
    "http://0x7f000001:9",
    "http://[::ffff:10.0.0.1]:9",
  ])("refuses %s", async (address) => {
    const why = "its address is not a public one";
    expect(await postOut(address, post, { allowPrivate: false })).toEqual({ kind: "unanswered", why });
  });

  it("refuses a name that leads to a private address, among public ones too", async () => {
    const resolve = async () => ["93.184.216.34", "10.0.0.1"].map((address) => ({ address, family: 4 }));
    const refused = await postOut("http://hooks.example.com", post, { allowPrivate: false, resolve });
    expect(refused).toEqual({ kind: "unanswered", why: "its address is not a public one" });
  });

  it("gives up what says nothing", async () => {
    status = () => "hang";
    const late = await postOut(at("/"), post, { allowPrivate: true, timeLimitMs: 20 });
    expect(late).toEqual({ kind: "unanswered", why: "no answer within 0.02 seconds" });
  });

  it("knows public addresses from others", () => {
    const others =
      "10.1.1.1 100.64.0.1 169.254.169.254 172.31.0.1 192.168.1.1 198.18.0.1 224.0.0.1 0.0.0.0 255.255.255.255 :: fe80::1 fd00::1 ff02::1 64:ff9b::a00:1 2002:a00:1::1 2001:db8::1 name";
    expect(others.split(" ").filter(isPublicAddress)).toEqual([]);
    expect(["93.184.216.34", "2606:4700::1111"].every(isPublicAddress)).toBe(true);
  });
});
