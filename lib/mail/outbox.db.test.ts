import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import type { Transaction } from "@/db/client.ts";
import { measureOutbox } from "@/db/queries/outbox.ts";
import { outbox } from "@/db/schema.ts";
import { createApp } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { pruneMail } from "@/lib/operations/prune-mail.ts";
import { createWorld, settingsFrom } from "@/lib/testing/world.ts";
import { CODE, CODE_MAIL, emptyOutbox, onlyRow, outboxRows, queue, through } from "./mail.fixture.ts";
import { queueMail } from "./outbox.ts";
import type { Delivery, OutgoingMail, Transport } from "./transports/transport.ts";
import { sendWaiting } from "./worker.ts";

const world = createWorld();
const ADA = "ada@example.com";
const TOKEN = "a_secret_that_nobody_must_read";
const LINK = `/reset-password?token=${TOKEN}`;

/** A transport that answers as told and keeps what it was given. */
function recording(answer: Delivery | (() => Delivery) = { kind: "accepted" }) {
  const mails: OutgoingMail[] = [];
  const transport: Transport = {
    kind: "smtp",
    async send(mail) {
      mails.push(mail);
      return typeof answer === "function" ? answer() : answer;
    },
  };
  return { mails, transport };
}

beforeEach(() => emptyOutbox(world));

describe("queueing", () => {
  it("writes a row that waits, with who, what kind and until when", async () => {
    await queue(world.app, ADA);
    expect(await onlyRow(world)).toMatchObject({
      recipient: ADA,
      kind: "code",
      state: "waiting",
      attempts: 0,
      createdAt: world.clock.now(),
      nextAttemptAt: world.clock.now(),
      expiresAt: secondsAfter(world.clock.now(), 600),
      sentAt: null,
      lastError: null,
    });
  });

  it("leaves no mail behind a transaction that rolls back", async () => {
    const { transport, mails } = recording();
    const now = world.clock.now();
    const queued = { to: ADA, message: CODE_MAIL, expiresAt: secondsAfter(now, 600) };
    const rolledBack = world.db.transaction(async (transaction) => {
      await queueMail(transaction, world.app.mail, queued, now);
      throw new Error("the verb failed after all");
    });
    await expect(rolledBack).rejects.toThrow("the verb failed after all");
    await sendWaiting(through(world.app, transport));
    expect(await outboxRows(world)).toEqual([]);
    expect(mails).toEqual([]);
  });

  it("is not sent by anybody before its transaction commits", async () => {
    const { transport, mails } = recording();
    const now = world.clock.now();
    const queued = { to: ADA, message: CODE_MAIL, expiresAt: secondsAfter(now, 600) };
    await world.db.transaction(async (transaction) => {
      await queueMail(transaction, world.app.mail, queued, now);
      await sendWaiting(through(world.app, transport));
      expect(mails).toEqual([]);
    });
    await sendWaiting(through(world.app, transport));
    expect(mails).toHaveLength(1);
  });

  it("shows neither code nor link nor subject in any column", async () => {
    await queue(world.app, ADA);
    await queue(world.app, ADA, { message: { kind: "reset-link", token: TOKEN, minutes: 30 } });
    const shown = await world.db.execute<{ row: string; bytes: string }>(
      sql`select outbox::text as row, encode(sealed, 'escape') as bytes from outbox`,
    );
    expect(shown).toHaveLength(2);
    for (const { row, bytes } of shown) {
      for (const secret of [
        CODE,
        Buffer.from(CODE).toString("hex"),
        LINK,
        "a_secret",
        "Your code",
        "password?",
      ]) {
        expect(row).not.toContain(secret);
        expect(bytes).not.toContain(secret);
      }
    }
  });
});

describe("sending", () => {
  it("hands over what was written, under the row's id, and forgets it", async () => {
    await queue(world.app, ADA, { message: { kind: "reset-link", token: TOKEN, minutes: 30 } });
    const { id } = await onlyRow(world);
    const { transport, mails } = recording();
    world.clock.advance(3);
    await sendWaiting(through(world.app, transport));
    expect(mails).toEqual([
      {
        id,
        to: ADA,
        from: { name: "Keyturn", address: "keyturn@localhost" },
        subject: "Choose a new password",
        text: expect.stringMatching(`\nhttp\\S+/reset-password\\?token=${TOKEN}\n`),
        html: expect.stringContaining(LINK),
      },
    ]);
    expect(await onlyRow(world)).toMatchObject({
      state: "sent",
      sealed: null,
      attempts: 1,
      sentAt: world.clock.now(),
      lastError: null,
    });
  });

  it("sends each mail once, however often it is asked", async () => {
    await queue(world.app, ADA);
    const { transport, mails } = recording();
    for (let i = 0; i < 3; i += 1) await sendWaiting(through(world.app, transport));
    world.clock.advance(3_600);
    await sendWaiting(through(world.app, transport));
    expect(mails).toHaveLength(1);
  });

  it("keeps mail readable only in the local mailbox", async () => {
    await queue(world.app, ADA);
    await sendWaiting(world.app);
    const row = await onlyRow(world);
    expect(row.state).toBe("sent");
    expect(row.sealed).not.toBeNull();
  });

  it("gives expired mail up, unsent", async () => {
    await queue(world.app, ADA, { lastsSeconds: 60 });
    const { transport, mails } = recording();
    world.clock.advance(60);
    await sendWaiting(through(world.app, transport));
    expect(mails).toEqual([]);
    expect(await onlyRow(world)).toMatchObject({ state: "given-up", sealed: null, lastError: "expired" });
  });

  it("gives up what was sealed under another SECRET_KEY", async () => {
    await queue(world.app, ADA);
    const { transport, mails } = recording();
    const rekeyed = await createApp(settingsFrom(), "another secret of this test, also long enough", world);
    await sendWaiting(through(rekeyed, transport));
    expect(mails).toEqual([]);
    expect(await onlyRow(world)).toMatchObject({ state: "given-up", sealed: null, lastError: "unreadable" });
  });

  it("opens no content that was moved to another row", async () => {
    await queue(world.app, ADA);
    await queue(world.app, "eve@example.com");
    const [ada] = await outboxRows(world);
    if (!ada) throw new Error("no row");
    await world.db.update(outbox).set({ sealed: ada.sealed });
    const { transport, mails } = recording();
    await sendWaiting(through(world.app, transport));
    expect(mails.map(({ to }) => to)).toEqual([ada.recipient]);
  });
});

describe("a mail that can't be sent now", () => {
  it("waits longer after each attempt: 5 s, 30 s, 2 min, 10 min, then hourly, and is given up when it would come too late", async () => {
    await queue(world.app, ADA, { lastsSeconds: 24 * 3_600 });
    const { transport, mails } = recording({ kind: "retry", error: "smtp 451" });
    const app = through(world.app, transport);
    const waits = [5, 30, 120, 600, ...Array.from({ length: 23 }, () => 3_600)];
    for (const [index, wait] of waits.entries()) {
      await sendWaiting(app);
      expect(await onlyRow(world)).toMatchObject({
        state: "waiting",
        attempts: index + 1,
        nextAttemptAt: secondsAfter(world.clock.now(), wait),
        lastError: "smtp 451",
      });
      world.clock.advance(wait - 1);
      await sendWaiting(app);
      expect(mails).toHaveLength(index + 1);
      world.clock.advance(1);
    }
    await sendWaiting(app);
    expect(mails).toHaveLength(28);
    expect(await onlyRow(world)).toMatchObject({ state: "given-up", sealed: null, lastError: "smtp 451" });
  });

  it("waits as long as the provider asks, where that is longer", async () => {
    await queue(world.app, ADA);
    const answers: Delivery[] = [{ kind: "retry", error: "resend 429", afterSeconds: 90 }];
    const { transport, mails } = recording(() => answers.shift() ?? { kind: "accepted" });
    await sendWaiting(through(world.app, transport));
    world.clock.advance(89);
    await sendWaiting(through(world.app, transport));
    expect(mails).toHaveLength(1);
    world.clock.advance(1);
    await sendWaiting(through(world.app, transport));
    expect(mails).toHaveLength(2);
    expect((await onlyRow(world)).state).toBe("sent");
  });

  it("sends the very same bytes again, under the same id", async () => {
    await queue(world.app, ADA);
    const answers: Delivery[] = [{ kind: "retry", error: "smtp ETIMEDOUT" }];
    const { transport, mails } = recording(() => answers.shift() ?? { kind: "accepted" });
    await sendWaiting(through(world.app, transport));
    world.clock.advance(5);
    await sendWaiting(through(world.app, transport));
    expect(mails).toHaveLength(2);
    expect(mails[1]).toEqual(mails[0]);
  });

  it("is given up at once when the next attempt would come too late", async () => {
    await queue(world.app, ADA, { lastsSeconds: 5 });
    await sendWaiting(through(world.app, recording({ kind: "retry", error: "smtp 451" }).transport));
    expect(await onlyRow(world)).toMatchObject({ state: "given-up", sealed: null, lastError: "smtp 451" });
  });

  it("is given up at once when it is refused for good", async () => {
    await queue(world.app, ADA);
    await sendWaiting(through(world.app, recording({ kind: "refused", error: "resend 422" }).transport));
    expect(await onlyRow(world)).toMatchObject({ state: "given-up", sealed: null, lastError: "resend 422" });
  });

  it("doesn't keep the others from being sent", async () => {
    for (const name of ["ada", "grace", "lin"]) await queue(world.app, `${name}@example.com`);
    const { transport } = recording(() => ({ kind: "accepted" }));
    const picky: Transport = {
      kind: "smtp",
      send: async (mail) => (mail.to === ADA ? { kind: "retry", error: "smtp 450" } : transport.send(mail)),
    };
    await sendWaiting(through(world.app, picky));
    expect((await outboxRows(world)).map(({ state }) => state).sort()).toEqual(["sent", "sent", "waiting"]);
  });
});

describe("a claim", () => {
  it("that was overtaken by a later one can't undo what that one did", async () => {
    await queue(world.app, ADA);
    const { transport, mails } = recording();
    const overtaken: Transport = {
      kind: "smtp",
      async send() {
        world.clock.advance(61);
        await sendWaiting(through(world.app, transport));
        return { kind: "refused", error: "smtp 550" };
      },
    };
    await sendWaiting(through(world.app, overtaken));
    expect(mails).toHaveLength(1);
    expect(await onlyRow(world)).toMatchObject({ state: "sent", attempts: 2, lastError: null });
  });

  it("holds for a minute and no longer", async () => {
    await queue(world.app, ADA);
    const broken: Transport = {
      kind: "smtp",
      send: () => Promise.reject(new Error("the process dies here")),
    };
    await expect(sendWaiting(through(world.app, broken))).rejects.toThrow("the process dies here");
    const { transport, mails } = recording();
    world.clock.advance(59);
    await sendWaiting(through(world.app, transport));
    expect(mails).toEqual([]);
    world.clock.advance(1);
    await sendWaiting(through(world.app, transport));
    expect(mails).toHaveLength(1);
  });
});

describe("keeping house", () => {
  it("deletes mail that is done with after a week, and never what waits", async () => {
    const refusing = through(world.app, recording({ kind: "refused", error: "smtp 550" }).transport);
    await queue(world.app, "sent@example.com");
    await sendWaiting(world.app);
    await queue(world.app, "given-up@example.com");
    await sendWaiting(refusing);
    await queue(world.app, "waiting@example.com", { lastsSeconds: 30 * 86_400 });
    world.clock.advance(7 * 86_400);
    expect(await pruneMail(world.app, world.clock.now())).toBe(0);
    world.clock.advance(1);
    expect(await pruneMail(world.app, world.clock.now())).toBe(2);
    expect((await onlyRow(world)).recipient).toBe("waiting@example.com");
  });

  it("tells how much waits and since when", async () => {
    expect(await measureOutbox(world.db)).toEqual({ waiting: 0, oldest: null });
    const since = world.clock.now();
    await queue(world.app, ADA);
    world.clock.advance(5);
    await queue(world.app, ADA);
    expect(await measureOutbox(world.db)).toEqual({ waiting: 2, oldest: since });
    await sendWaiting(world.app);
    expect(await measureOutbox(world.db)).toEqual({ waiting: 0, oldest: null });
  });
});

describe("a transaction that wrote mail", () => {
  const wakes = async (work: (transaction: Transaction) => Promise<unknown>) => {
    let woken = 0;
    const forget = world.app.mail.onWake(() => {
      woken += 1;
    });
    await world.app.transaction(work).catch(() => undefined);
    forget();
    return woken;
  };
  const write = (transaction: Transaction) => {
    const now = world.clock.now();
    const mail = { to: "ada@example.com", message: CODE_MAIL, expiresAt: secondsAfter(now, 600) };
    return queueMail(transaction, world.app.mail, mail, now);
  };

  it("has it sent once it is committed", async () => {
    expect(await wakes(write)).toBe(1);
  });

  it("wakes nobody where it wrote none, or was rolled back", async () => {
    expect(await wakes(async () => "nothing written")).toBe(0);
    const failing = async (transaction: Transaction) => {
      await write(transaction);
      throw new Error("after all not");
    };
    expect(await wakes(failing)).toBe(0);
  });
});
