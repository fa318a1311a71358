import { and, desc, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { Executor } from "../client.ts";

/** A place in a list that goes from the newest row to the oldest. */
export type Position = { at: Date; id: string };

/** So many rows, those after a place or from the start. */
export type AskedPage = { limit: number; after?: Position | undefined };

/** Rows, and the place behind which the next ones are; null where none are. */
export type FoundPage<Row> = { rows: Row[]; next: Position | null };
type Listed = PgTable & { createdAt: PgColumn; id: PgColumn };

/**
 * How many rows one page may look at where no index answers its filter alone. So a page costs some milliseconds however
 * large the table is and however few rows match; it may then be short, or empty, and still have a next one.
 */
export const LOOKED_AT = 4_000;

/** Newest first, with nothing left to chance among rows of one instant. */
export function newestFirst({ createdAt, id }: Listed) {
  return [desc(createdAt), desc(id)] as const;
}

/** Rows that come after `position`. The bound on the instant alone is there for the planner, which can estimate it. */
export function beyond({ createdAt, id }: Listed, position: Position | undefined): SQL | undefined {
  if (!position) return undefined;
  const at = position.at.toISOString();
  return sql`${createdAt} <= ${at} and (${createdAt}, ${id}) < (${at}, ${position.id})`;
}

/** Rows that come before `position`, and the one there. */
export function upTo({ createdAt, id }: Listed, position: Position | undefined): SQL | undefined {
  if (!position) return undefined;
  const at = position.at.toISOString();
  return sql`${createdAt} >= ${at} and (${createdAt}, ${id}) >= (${at}, ${position.id})`;
}

/**
 * Where a page that follows `after` along an index has to stop looking; undefined where the rows end before. Rows that
 * come later are newer than any page that was begun, so what lies between two positions is shown once.
 */
export async function findLastLookedAt(
  db: Executor,
  table: Listed,
  along: SQL | undefined,
  after: Position | undefined,
): Promise<Position | undefined> {
  const [last] = await db
    .select({ at: table.createdAt, id: table.id })
    .from(table as PgTable)
    .where(and(along, beyond(table, after)))
    .orderBy(...newestFirst(table))
    .offset(LOOKED_AT - 1)
    .limit(1);
  return last as Position | undefined;
}

/** Cuts one row too many off: it only tells that another page follows, which else begins where looking stopped. */
export function toPage<Row>(
  rows: Row[],
  limit: number,
  positionOf: (row: Row) => Position,
  stopped?: Position,
): FoundPage<Row> {
  const last = rows[limit - 1];
  if (rows.length > limit && last) return { rows: rows.slice(0, limit), next: positionOf(last) };
  return { rows, next: stopped ?? null };
}
