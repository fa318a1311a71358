import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { log } from "@/lib/base/log.ts";
import { createWorld, SECRET } from "@/lib/testing/world.ts";
import { CODE, emptyOutbox, onlyRow, outboxRows, queue, through } from "./mail.fixture.ts";
import { type ResendPeer, startResendPeer } from "./resend-peer.fixture.ts";
import { resendTransport } from "./transports/resend.ts";
import { sendWaiting } from "./worker.ts";

const world = createWorld();
const ADA = "o'brien+a=b@example.com";
const SENDER = fileURLToPath(new URL("./sender.fixture.ts", import.meta.url));
const apiKey = "re_the-key-of-this-test";

let peer: ResendPeer;
let app: App;

const variablesFor = (url: string) => ({
  MAIL_TRANSPORT: "resend",
  RESEND_API_KEY: apiKey,
  RESEND_BASE_URL: url,
  MAIL_FROM: '"Keyturn, Inc" <login@example.com>',
});

beforeAll(async () => {
  peer = await startResendPeer();
  app = await world.with(variablesFor(peer.url));
});
afterAll(() => peer.stop());
beforeEach(async () => {
  await emptyOutbox(world);
  peer.forget();
});

describe("Resend takes a mail", () => {
  it("with everything that was written, from us, to exactly the stored address", async () => {
    await queue(app, ADA);
    const { id } = await onlyRow(world);
    await sendWaiting(app);
    expect(peer.requests).toEqual([
      {
        key: id,
        authorization: `Bearer ${apiKey}`,
        mail: {
          from: '"Keyturn, Inc" <login@example.com>',
          to: ADA,
          subject: "Your code to log in",
          text: expect.stringContaining(`\n${CODE}\n`),
          html: expect.stringContaining(`>${CODE}<`),
          headers: { "Auto-Submitted": "auto-generated" },
        },
      },
    ]);
    expect(await onlyRow(world)).toMatchObject({ state: "sent", sealed: null, attempts: 1 });
  });
});

describe("Resend is in trouble", () => {
  it.each([
    [{ status: 500 }, "resend 500"],
    [{ status: 503, body: "<html>upstream is gone</html>" }, "resend 503"],
    [{ status: 408 }, "resend 408"],
    [{ status: 429, name: "rate_limit_exceeded" }, "resend 429"],
    [{ status: 409, name: "concurrent_idempotent_requests" }, "resend 409"],
    [{ status: 401, name: "restricted_api_key" }, "resend 401"],
    [{ status: 403, name: "invalid_api_key" }, "resend 403"],
    [{ status: 502, body: '{"message":"no status in here"}' }, "resend answer"],
    [{ status: 200, body: "not json" }, "resend unreachable"],
    ["drop", "resend unreachable"],
  ] as const)("%j: tries again with the same key, and the mail arrives once", async (behaviour, lastError) => {
    await queue(app, ADA);
    peer.behaviour = behaviour;
    await sendWaiting(app);
    expect(await onlyRow(world)).toMatchObject({
      state: "waiting",
      lastError,
      nextAttemptAt: secondsAfter(world.clock.now(), 5),
    });
    peer.behaviour = "accept";
    world.clock.advance(5);
    await sendWaiting(app);
    expect(peer.sent.size).toBe(1);
    expect(new Set(peer.requests.map(({ key }) => key)).size).toBe(1);
    expect(await onlyRow(world)).toMatchObject({ state: "sent", sealed: null, lastError: null, attempts: 2 });
  });

  it("says when to come back, and is obeyed", async () => {
    await queue(app, ADA);
    peer.behaviour = { status: 429, name: "rate_limit_exceeded", headers: { "retry-after": "90" } };
    await sendWaiting(app);
    expect((await onlyRow(world)).nextAttemptAt).toEqual(secondsAfter(world.clock.now(), 90));
    peer.behaviour = "accept";
    world.clock.advance(89);
    await sendWaiting(app);
    expect(peer.requests).toHaveLength(1);
    world.clock.advance(1);
    await sendWaiting(app);
    expect(peer.sent.size).toBe(1);
  });

  it("took the mail and lost the answer: the second attempt doesn't double it", async () => {
    await queue(app, ADA);
    peer.behaviour = "drop-after";
    await sendWaiting(app);
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "resend unreachable" });
    peer.behaviour = "accept";
    world.clock.advance(5);
    await sendWaiting(app);
    expect(peer.requests).toHaveLength(2);
    expect(peer.sent.size).toBe(1);
    expect((await onlyRow(world)).state).toBe("sent");
  });

  it("hangs: is left after the time-out, and tried again", async () => {
    const impatient = through(app, resendTransport({ apiKey, baseUrl: peer.url, timeoutMs: 100 }));
    await queue(app, ADA);
    peer.behaviour = "hang";
    await sendWaiting(impatient);
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "resend timeout" });
    peer.behaviour = "accept";
    world.clock.advance(5);
    await sendWaiting(app);
    expect((await onlyRow(world)).state).toBe("sent");
    peer.release();
  });

  it("is not there at all", async () => {
    const nobody = await startResendPeer();
    await nobody.stop();
    await queue(app, ADA);
    await sendWaiting(through(app, resendTransport({ apiKey, baseUrl: nobody.url })));
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "resend unreachable" });
  });
});

describe("Resend refuses a mail for good", () => {
  it.each([400, 404, 409, 413, 422])("%i: gives it up and keeps nothing of it", async (status) => {
    const logged = (["warn", "error"] as const).map((level) => vi.spyOn(log, level));
    await queue(app, ADA);
    peer.behaviour = { status, name: "validation_error" };
    await sendWaiting(app);
    const row = await onlyRow(world);
    expect(row).toMatchObject({
      state: "given-up",
      sealed: null,
      attempts: 1,
      lastError: `resend ${status}`,
    });
    expect(JSON.stringify({ ...row, recipient: "" })).not.toMatch(/example\.com|042917/);
    const told = logged.flatMap(({ mock }) => mock.calls);
    expect(told).toEqual([
      [{ mail: row.id, kind: "code", attempts: 1, error: `resend ${status}` }, "mail given up"],
    ]);
    vi.restoreAllMocks();
    world.clock.advance(3_600);
    await sendWaiting(app);
    expect(peer.requests).toHaveLength(1);
  });
});

describe("processes", () => {
  const argument = (queueTo?: string) =>
    JSON.stringify({
      queueTo,
      connection: world.connection,
      variables: { RATE_LIMITS: "off", ...variablesFor(peer.url) },
      secret: SECRET,
      now: world.clock.now().toISOString(),
    });
  const startSender = (queueTo?: string) =>
    spawn(process.execPath, ["--import", "tsx", SENDER, argument(queueTo)], {
      stdio: ["ignore", "pipe", "inherit"],
    });

  it("one is killed between commit and send: another sends it", async () => {
    const writer = startSender(ADA);
    await once(writer.stdout, "data");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", attempts: 0 });
    await sendWaiting(app);
    expect([...peer.sent.values()].map(({ mail }) => mail.to)).toEqual([ADA]);
    expect((await onlyRow(world)).state).toBe("sent");
  });

  it("one is killed in mid-send: another sends it with the same key, once", async () => {
    await queue(app, ADA);
    peer.behaviour = "hang";
    const sender = startSender();
    sender.stdout.resume();
    await vi.waitFor(() => expect(peer.requests).toHaveLength(1), { timeout: 30_000 });
    sender.kill("SIGKILL");
    await once(sender, "exit");
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", attempts: 1 });
    peer.behaviour = "accept";
    await sendWaiting(app);
    expect(peer.requests).toHaveLength(1);
    world.clock.advance(60);
    await sendWaiting(app);
    expect(peer.requests).toHaveLength(2);
    expect(peer.requests[1]?.key).toBe(peer.requests[0]?.key);
    expect(peer.sent.size).toBe(1);
    expect(await onlyRow(world)).toMatchObject({ state: "sent", sealed: null, attempts: 2 });
  });

  it("two send 200 mails at once: each goes out once", async () => {
    for (let i = 0; i < 200; i += 1) await queue(app, `person-${i}@example.com`);
    const senders = [startSender(), startSender()];
    for (const { stdout } of senders) stdout.resume();
    await Promise.all(senders.map((sender) => once(sender, "exit")));
    expect(peer.requests).toHaveLength(200);
    expect(new Set(peer.requests.map(({ key }) => key)).size).toBe(200);
    expect(new Set(peer.requests.map(({ mail }) => mail.to)).size).toBe(200);
    const rows = await outboxRows(world);
    expect(rows.every(({ state, attempts }) => state === "sent" && attempts === 1)).toBe(true);
  });

  it("two workers of one process share 200 mails: each goes out once, and both took part", async () => {
    for (let i = 0; i < 200; i += 1) await queue(app, `person-${i}@example.com`);
    const other = await world.with({ ...variablesFor(peer.url), RESEND_API_KEY: "re_the-other-worker" });
    await Promise.all([sendWaiting(app), sendWaiting(other)]);
    expect(peer.requests).toHaveLength(200);
    expect(peer.sent.size).toBe(200);
    expect(new Set(peer.requests.map(({ authorization }) => authorization)).size).toBe(2);
  });
});
