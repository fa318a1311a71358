import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { log } from "@/lib/base/log.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { emptyOutbox, onlyRow, outboxRows, queue } from "./mail.fixture.ts";
import { type ResendPeer, startResendPeer } from "./resend-peer.fixture.ts";
import { type MailWorker, startMailWorker } from "./worker.ts";

const world = createWorld();
let peer: ResendPeer;
let app: App;
let workers: MailWorker[] = [];

function start(): MailWorker {
  const worker = startMailWorker(app);
  workers.push(worker);
  return worker;
}

const states = async () => (await outboxRows(world)).map(({ state }) => state);

beforeAll(async () => {
  peer = await startResendPeer();
  app = await world.with({
    MAIL_TRANSPORT: "resend",
    RESEND_API_KEY: "re_x",
    RESEND_BASE_URL: peer.url,
    MAIL_FROM: "login@example.com",
  });
});
afterAll(() => peer.stop());
beforeEach(async () => {
  await emptyOutbox(world);
  peer.forget();
});
afterEach(async () => {
  vi.restoreAllMocks();
  peer.release();
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
});

describe("a mail worker", () => {
  it("sends at once what this process says it wrote", async () => {
    start();
    await queue(app, "ada@example.com");
    app.mail.wake();
    await vi.waitFor(async () => expect(await states()).toEqual(["sent"]), { timeout: 900, interval: 10 });
  });

  it("finds what another process wrote, or left behind, by itself", async () => {
    await queue(app, "ada@example.com");
    start();
    await vi.waitFor(async () => expect(await states()).toEqual(["sent"]), { timeout: 10_000 });
  });

  it("isn't held up by one mail that hangs", async () => {
    start();
    peer.behaviour = ({ mail }) => (mail.to === "slow@example.com" ? "hang" : "accept");
    await queue(app, "slow@example.com");
    app.mail.wake();
    await vi.waitFor(() => expect(peer.requests).toHaveLength(1), { timeout: 10_000 });
    for (let i = 0; i < 5; i += 1) await queue(app, `quick-${i}@example.com`);
    app.mail.wake();
    const sent = Array.from({ length: 5 }, () => "sent");
    await vi.waitFor(async () => expect((await states()).sort()).toEqual([...sent, "waiting"]), {
      timeout: 5_000,
    });
  });

  it("has at most four mails under way", async () => {
    start();
    peer.behaviour = "hang";
    for (let i = 0; i < 6; i += 1) await queue(app, `person-${i}@example.com`);
    app.mail.wake();
    await vi.waitFor(() => expect(peer.requests).toHaveLength(4), { timeout: 10_000 });
    app.mail.wake();
    await world.db.execute(sql`select 1`);
    expect(peer.requests).toHaveLength(4);
  });

  it("stops when the mail under way is sent, and takes no other", async () => {
    const worker = start();
    peer.behaviour = "hang";
    await queue(app, "ada@example.com");
    app.mail.wake();
    await vi.waitFor(() => expect(peer.requests).toHaveLength(1), { timeout: 10_000 });
    const stopped = worker.stop();
    await queue(app, "grace@example.com");
    app.mail.wake();
    worker.wake();
    peer.release();
    await stopped;
    expect((await states()).sort()).toEqual(["sent", "waiting"]);
    expect(peer.requests).toHaveLength(1);
  });

  it("outlives a database that fails, and sends when it is back", async () => {
    const logged = vi.spyOn(log, "error");
    await queue(app, "ada@example.com");
    await world.db.execute(sql`alter table outbox rename to outbox_away`);
    start();
    app.mail.wake();
    const fault = { code: "42P01", name: expect.stringMatching(/Error$/) };
    await vi.waitFor(() => expect(logged.mock.calls[0]).toEqual([fault, expect.any(String)]));
    expect(peer.requests).toEqual([]);
    await world.db.execute(sql`alter table outbox_away rename to outbox`);
    app.mail.wake();
    await vi.waitFor(async () => expect((await onlyRow(world)).state).toBe("sent"), { timeout: 10_000 });
  });

  it("doesn't keep its process alive", () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
    const before = timers();
    start();
    expect(timers()).toBe(before);
  });
});
