import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { CODE, emptyOutbox, onlyRow, queue, through } from "./mail.fixture.ts";
import { type Refusal, startSmtpPeer } from "./smtp-peer.fixture.ts";
import { smtpTransport } from "./transports/smtp.ts";
import { sendWaiting } from "./worker.ts";

const world = createWorld();
const ADA = "o'brien+a=b@example.com";

let peer: Awaited<ReturnType<typeof startSmtpPeer>>;
let app: App;

const sendTo = (smtpUrl: string) => sendWaiting(through(app, smtpTransport(smtpUrl, { timeoutMs: 2_000 })));

beforeAll(async () => {
  peer = await startSmtpPeer();
  app = await world.with({
    MAIL_TRANSPORT: "smtp",
    SMTP_URL: `smtp://127.0.0.1:${peer.port}`,
    MAIL_FROM: '"Schlüssel, Inc" <login@example.com>',
  });
});
afterAll(() => peer.stop());
beforeEach(async () => {
  await emptyOutbox(world);
  peer.forget();
});

describe("an SMTP server takes a mail", () => {
  it("with text and HTML, from us, to exactly the stored address", async () => {
    await queue(app, ADA);
    const { id } = await onlyRow(world);
    await sendWaiting(app);
    const [received, ...more] = peer.received;
    expect(more).toEqual([]);
    expect(received).toMatchObject({ from: "login@example.com", to: [ADA] });
    const { mail } = received ?? {};
    expect(mail?.from?.value).toEqual([{ name: "Schlüssel, Inc", address: "login@example.com" }]);
    expect(mail?.to).toMatchObject({ value: [{ name: "", address: ADA }] });
    expect(mail?.subject).toBe("Your code to log in");
    expect(mail?.messageId).toBe(`<${id}@example.com>`);
    expect(mail?.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail?.text?.split("\n")).toContain(CODE);
    expect(mail?.html).toContain(`>${CODE}<`);
    expect(mail?.attachments).toEqual([]);
    expect(await onlyRow(world)).toMatchObject({ state: "sent", sealed: null, attempts: 1 });
  });

  it("from a user with a password full of signs, once it is logged in", async () => {
    await queue(app, ADA);
    await sendTo(`smtp://ada%40example.com:pass%20word%2F%40%3A@127.0.0.1:${peer.port}`);
    expect(peer.received.map(({ user }) => user)).toEqual(["ada@example.com"]);
  });
});

describe("an SMTP server says not now", () => {
  it.each<[Refusal, string]>([
    [{ at: "connect", code: 421 }, "smtp 421"],
    [{ at: "from", code: 421 }, "smtp 421"],
    [{ at: "from", code: 550 }, "smtp 550"],
    [{ at: "recipient", code: 450 }, "smtp 450"],
    [{ at: "content", code: 451 }, "smtp 451"],
  ])("%o: tries again, and the mail arrives once", async (refuse, lastError) => {
    await queue(app, ADA);
    peer.refuse = refuse;
    await sendWaiting(app);
    expect(await onlyRow(world)).toMatchObject({
      state: "waiting",
      lastError,
      nextAttemptAt: secondsAfter(world.clock.now(), 5),
    });
    peer.refuse = null;
    world.clock.advance(5);
    await sendWaiting(app);
    expect(peer.received).toHaveLength(1);
    expect(await onlyRow(world)).toMatchObject({ state: "sent", attempts: 2, lastError: null });
  });

  it("goes away in the middle of the content: tries again under the same Message-ID", async () => {
    await queue(app, ADA);
    const { id } = await onlyRow(world);
    peer.vanish = true;
    await sendWaiting(app);
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "smtp ECONNECTION" });
    peer.vanish = false;
    world.clock.advance(5);
    await sendWaiting(app);
    expect(peer.received.map(({ mail }) => mail.messageId)).toEqual([`<${id}@example.com>`]);
  });

  it("doesn't know our password: that is ours to mend, so the mail waits", async () => {
    await queue(app, ADA);
    await sendTo(`smtp://ada:wrong@127.0.0.1:${peer.port}`);
    expect(peer.received).toEqual([]);
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "smtp 535" });
  });

  it("is not there at all", async () => {
    const nobody = await startSmtpPeer();
    await nobody.stop();
    await queue(app, ADA);
    await sendTo(`smtp://127.0.0.1:${nobody.port}`);
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "smtp ESOCKET" });
  });

  it("says nothing: is left after the time-out", async () => {
    const silent = await startSmtpPeer({ onConnect: () => {} });
    await queue(app, ADA);
    await sendWaiting(through(app, smtpTransport(`smtp://127.0.0.1:${silent.port}`, { timeoutMs: 150 })));
    expect(await onlyRow(world)).toMatchObject({ state: "waiting", lastError: "smtp ETIMEDOUT" });
    await silent.stop();
  });
});

describe("an SMTP server refuses for good", () => {
  it.each<[Refusal, string]>([
    [{ at: "recipient", code: 550 }, "smtp 550"],
    [{ at: "content", code: 554 }, "smtp 554"],
  ])("%o: gives the mail up and keeps nothing of it", async (refuse, lastError) => {
    await queue(app, ADA);
    peer.refuse = refuse;
    await sendWaiting(app);
    const row = await onlyRow(world);
    expect(row).toMatchObject({ state: "given-up", sealed: null, attempts: 1, lastError });
    expect(JSON.stringify({ ...row, recipient: "" })).not.toContain("example.com");
  });
});

/** 0.0.0.0 is this machine by another name, so it gets what the world outside gets. */
describe("encryption", () => {
  it("is not asked of this machine", async () => {
    await queue(app, ADA);
    await sendTo(`smtp://localhost:${peer.port}`);
    expect(peer.received.map(({ encrypted }) => encrypted)).toEqual([false]);
  });

  it("is asked of everybody else: without it nothing is sent", async () => {
    const plain = await startSmtpPeer({ disabledCommands: ["STARTTLS"] });
    await queue(app, ADA);
    await sendTo(`smtp://0.0.0.0:${plain.port}`);
    expect(plain.received).toEqual([]);
    expect((await onlyRow(world)).state).toBe("waiting");
    await plain.stop();
  });

  it.each(["smtp", "smtps"])("counts only with a certificate that is theirs (%s)", async (protocol) => {
    const selfSigned = await startSmtpPeer({ secure: protocol === "smtps" });
    await queue(app, ADA);
    await sendTo(`${protocol}://0.0.0.0:${selfSigned.port}`);
    expect(selfSigned.received).toEqual([]);
    expect(await onlyRow(world)).toMatchObject({
      state: "waiting",
      lastError: expect.stringMatching(/^smtp E\w+$/),
    });
    await selfSigned.stop();
  });
});
