import { asc } from "drizzle-orm";
import { outbox } from "@/db/schema.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { MailApp } from "./mail-deps.ts";
import type { Message } from "./messages.ts";
import { queueMail } from "./outbox.ts";
import type { Transport } from "./transports/transport.ts";

export const CODE = "042917";
export const CODE_MAIL: Message = {
  kind: "code",
  code: CODE,
  purpose: "log-in",
  minutes: 10,
  device: "curl",
};

/** Commits one mail, which ends after ten minutes unless told otherwise. */
export async function queue(app: MailApp, to: string, { message = CODE_MAIL, lastsSeconds = 600 } = {}) {
  const now = app.clock.now();
  const queued = { to, message, expiresAt: secondsAfter(now, lastsSeconds) };
  await app.db.transaction((transaction) => queueMail(transaction, app.mail, queued, now));
}

/** The whole outbox, oldest first. */
export function outboxRows({ db }: Pick<MailApp, "db">) {
  return db.select().from(outbox).orderBy(asc(outbox.createdAt));
}

/** The one mail there is. */
export async function onlyRow(app: Pick<MailApp, "db">) {
  const [row, ...more] = await outboxRows(app);
  if (!row || more.length > 0) throw new Error(`expected one mail, found ${row ? 1 + more.length : 0}`);
  return row;
}

export async function emptyOutbox({ db }: Pick<MailApp, "db">) {
  await db.delete(outbox);
}

/** The same app, sending another way. */
export function through<App extends MailApp>(app: App, transport: Transport): App {
  return { ...app, mail: { ...app.mail, transport } };
}
