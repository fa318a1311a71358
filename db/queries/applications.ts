import { asc, eq, inArray, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { isUuid } from "../is-uuid.ts";
import { applications, deliveries } from "../schema.ts";

export type Application = typeof applications.$inferSelect;

export async function insertApplication(
  db: Executor,
  application: typeof applications.$inferInsert,
): Promise<Application> {
  const [row] = await db.insert(applications).values(application).returning();
  if (!row) throw new Error("an insert without conflict clause returned no row");
  return row;
}

/** The application of that `client_id`; undefined for anything that is none. */
export async function findApplication(db: Executor, id: string): Promise<Application | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.select().from(applications).where(eq(applications.id, id));
  return row;
}

/** The same, which nobody can remove until the transaction is over. */
export async function holdApplication(transaction: Executor, id: string): Promise<Application | undefined> {
  const [row] = await transaction.select().from(applications).where(eq(applications.id, id)).for("key share");
  return row;
}

/** The same, which nobody can hold or change until the transaction is over: those who hold it are waited for. */
export async function lockApplication(transaction: Executor, id: string): Promise<Application | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await transaction.select().from(applications).where(eq(applications.id, id)).for("update");
  return row;
}

/** What those of these sessions that are of an application belong to: names by `client_id`, with one look-up or none. */
export async function namesOfApplications(
  db: Executor,
  sessions: readonly { applicationId: string | null }[],
): Promise<Map<string, string>> {
  const ids = [...new Set(sessions.flatMap(({ applicationId }) => applicationId ?? []))];
  if (ids.length === 0) return new Map();
  const { id, name } = applications;
  const rows = await db.select({ id, name }).from(applications).where(inArray(id, ids));
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Every application, by name. An operator has a handful. */
export async function listApplications(db: Executor): Promise<Application[]> {
  return db.select().from(applications).orderBy(asc(applications.name), asc(applications.id));
}

/** Whether there is any. */
export async function hasApplications(db: Executor): Promise<boolean> {
  const rows = await db.select({ id: applications.id }).from(applications).limit(1);
  return rows.length > 0;
}

/** Every address that a log-in may end at, of whichever application. */
export async function listRedirectAddresses(db: Executor): Promise<string[]> {
  const rows = await db
    .select({ address: sql<string>`unnest(${applications.redirectAddresses})` })
    .from(applications);
  return rows.map(({ address }) => address);
}

/** Gives an application another secret; the one before counts until `previousUntil`. */
export async function replaceSecret(
  db: Executor,
  id: string,
  { secretHash, previousUntil }: { secretHash: Buffer; previousUntil: Date },
): Promise<void> {
  await db
    .update(applications)
    .set({
      secretHash,
      previousSecretHash: sql`${applications.secretHash}`,
      previousSecretUntil: previousUntil,
    })
    .where(eq(applications.id, id));
}

/** Gives an application another webhook secret, sealed; the one before counts until `previousUntil`. */
export async function replaceWebhookSecret(
  db: Executor,
  id: string,
  { sealed, keyId, previousUntil }: { sealed: Buffer; keyId: string; previousUntil: Date },
): Promise<void> {
  await db
    .update(applications)
    .set({
      webhookSecret: sealed,
      webhookKeyId: keyId,
      previousWebhookSecret: sql`${applications.webhookSecret}`,
      previousWebhookKeyId: sql`${applications.webhookKeyId}`,
      previousWebhookUntil: previousUntil,
    })
    .where(eq(applications.id, id));
}

/** Deletes an application, with its codes and whatever waits for it; its sessions stay, ended before by the caller. */
export async function deleteApplication(transaction: Executor, id: string): Promise<void> {
  await transaction.delete(deliveries).where(eq(deliveries.applicationId, id));
  await transaction.delete(applications).where(eq(applications.id, id));
}
