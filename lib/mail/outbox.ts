import { type Database, databaseFault, type Executor, type Transaction } from "@/db/client.ts";
import { insertMail } from "@/db/queries/outbox.ts";
import { type KeyObject, open, randomUUID, seal } from "@/lib/base/crypto.ts";
import type { MailDeps } from "./mail-deps.ts";
import { type Message, type Rendered, renderMessage } from "./messages.ts";

export type QueuedMail = {
  /** Null where nobody is to get it: all the work is done, and no mail is left. */
  to: string | null;
  /** Whose account it is about, where it is about one. */
  userId?: string | null;
  message: Message;
  /** When its code or link ends; it is not sent after that. */
  expiresAt: Date;
};

/** The transactions in which mail was written. */
const writing = new WeakSet<Executor>();

/** How often a transaction is begun anew that PostgreSQL broke off because it and another waited for each other. */
const ANEW = 2;
const DEADLOCK = "40P01";

/**
 * Does `work` in one transaction. Once that is committed, the mail that it wrote is sent. Where PostgreSQL breaks it off
 * to free another one, nothing of it has happened, and it is done again: `work` must be its statements alone.
 */
export async function inTransaction<Done>(
  db: Database,
  mail: Pick<MailDeps, "wake">,
  work: (transaction: Transaction) => Promise<Done>,
): Promise<Done> {
  let wrote = false;
  const attempt = () =>
    db.transaction(async (transaction) => {
      const result = await work(transaction);
      wrote = writing.has(transaction);
      return result;
    });
  const done = await attemptAnew(attempt, ANEW);
  if (wrote) mail.wake();
  return done;
}

async function attemptAnew<Done>(attempt: () => Promise<Done>, left: number): Promise<Done> {
  try {
    return await attempt();
  } catch (error) {
    if (left === 0 || databaseFault(error)?.code !== DEADLOCK) throw error;
    return attemptAnew(attempt, left - 1);
  }
}

/**
 * Writes a mail into the outbox in the caller's transaction, sealed, for it may hold a code or a link. It is rendered
 * here and not when it is sent, so that every attempt sends the same bytes under the same idempotency key, even after
 * an update.
 */
export async function queueMail(
  transaction: Executor,
  mail: MailDeps,
  { to, userId = null, message, expiresAt }: QueuedMail,
  now: Date,
): Promise<void> {
  writing.add(transaction);
  const id = randomUUID();
  const rendered = await renderMessage(message, mail);
  const sealed = seal(mail.sealingKey, JSON.stringify(rendered), id);
  await insertMail(transaction, { id, userId, recipient: to, kind: message.kind, sealed, expiresAt }, now);
}

/** What `queueMail` sealed in row `id`; null when the key is another one by now. */
export function unseal(key: KeyObject, id: string, sealed: Buffer): Rendered | null {
  const text = open(key, sealed, id);
  return text === null ? null : JSON.parse(text);
}
