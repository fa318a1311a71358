import { eq, inArray, lt, type SQL, sql } from "drizzle-orm";
import { instant } from "../../lib/base/clock.ts";
import type { Database, Executor } from "../client.ts";
import { type RevocationReason, revocations } from "../schema.ts";
import { type End, REVOCATIONS_CHANNEL } from "./end-sessions.ts";

/** That a session ended; without `sessionId` and `userId` that everybody's did. */
export type Revocation = {
  sessionId: string | null;
  userId: string | null;
  reason: RevocationReason;
  at: Date;
  until: Date;
};

/** An entry that stands for everybody. */
export type Told = Pick<Revocation, "at"> & { id: number };

/**
 * A place in the log, as snapshots of the database name it: whatever was visible to `seen` has been read, and of what
 * was visible to `reading` and not to `seen` everything up to `id`. Null is the beginning. Numbers of transactions mean
 * something to one server only, and only until another takes its place: `server` says since when it runs, in
 * milliseconds of the epoch.
 */
export type LogPlace = {
  server: number;
  seen: string | null;
  reading: { snapshot: string; id: number } | null;
};

export type ReadLog = {
  entries: Revocation[];
  next: LogPlace;
  /** Whether there is more to read already. */
  more: boolean;
  /** False where the place means nothing to this server, so that this is the beginning. */
  known: boolean;
};

/** So many entries are read at once. */
const ENTRIES_AT_ONCE = 1_000;

/** Writes one entry for everybody, in place of one that stood for them before. */
export async function tellOfEverybody(db: Database, end: End, insteadOf?: Told): Promise<Told> {
  const { reason, at, until } = end;
  return db.transaction(async (transaction) => {
    if (insteadOf) await transaction.delete(revocations).where(eq(revocations.id, insteadOf.id));
    const [row] = await transaction
      .insert(revocations)
      .values({ reason, at, until })
      .returning({ id: revocations.id, told: sql`pg_notify(${REVOCATIONS_CHANNEL}, '')` });
    if (!row) throw new Error("an insert without conflict clause returned no row");
    return { id: row.id, at };
  });
}

/**
 * The next entries after a place; from the beginning (null), those that still matter at `now`. Guarantee: whoever reads
 * on from `next` misses no entry, in whatever order transactions commit. What is visible now and was not visible to the
 * place's snapshot is found, however long its transaction took, and nothing waits for one that is still open.
 */
export async function readLog(db: Database, after: LogPlace | null, now: Date): Promise<ReadLog> {
  const read = await readFrom(db, after, now);
  if (after === null || after.server === read.next.server) return read;
  return { ...(await readFrom(db, null, now)), known: false };
}

async function readFrom(db: Database, after: LogPlace | null, now: Date): Promise<ReadLog> {
  const rows = await db.execute<LogRow>(sql`
    select here.snapshot::text, here.server, log.id::float8, log.session_id as "sessionId", log.user_id as "userId",
      log.reason, log.at, log.until
    from (select pg_current_snapshot() as snapshot,
      floor(extract(epoch from pg_postmaster_start_time()) * 1000)::float8 as server) as here
    left join lateral (
      select * from ${revocations} where ${unread(after, now)} order by id limit ${ENTRIES_AT_ONCE + 1}
    ) as log on true
    order by log.id`);
  const [{ snapshot, server } = { snapshot: "", server: 0 }] = rows;
  const found = rows.filter(isEntry);
  const entries = found.slice(0, ENTRIES_AT_ONCE);
  const more = found.length > entries.length;
  const reading = { snapshot: after?.reading?.snapshot ?? snapshot, id: entries.at(-1)?.id ?? 0 };
  const next = more
    ? { server, seen: after?.seen ?? null, reading }
    : { server, seen: reading.snapshot, reading: null };
  return { entries: entries.map(toRevocation), next, more, known: true };
}

type LogRow = { snapshot: string; server: number } & (Entry | { id: null });
type Entry = {
  id: number;
  sessionId: string | null;
  userId: string | null;
  reason: RevocationReason;
  at: string;
  until: string;
};

function isEntry(row: LogRow): row is LogRow & Entry {
  return row.id !== null;
}

function toRevocation({ sessionId, userId, reason, at, until }: Entry): Revocation {
  return { sessionId, userId, reason, at: instant(at), until: instant(until) };
}

/**
 * Entries that came with a database from another server were written by transactions that this one has yet to reach:
 * they are read from the beginning, and not again.
 */
function unread(after: LogPlace | null, now: Date): SQL {
  const { seen = null, reading = null } = after ?? {};
  const upTo = reading?.snapshot;
  const beyond = reading ? sql`and id > ${reading.id}` : sql``;
  if (seen === null) {
    const visible = upTo
      ? sql`and (pg_visible_in_snapshot(written_by, ${upTo}) or written_by >= pg_snapshot_xmax(${upTo}))`
      : sql``;
    return sql`until > ${now.toISOString()}::timestamptz ${beyond} ${visible}`;
  }
  return sql`written_by >= pg_snapshot_xmin(${seen}) and not pg_visible_in_snapshot(written_by, ${seen})
    and ${upTo ? sql`pg_visible_in_snapshot(written_by, ${upTo})` : sql`written_by < pg_snapshot_xmax(here.snapshot)`}
    ${beyond}`;
}

/** Deletes up to `limit` entries that matter to nobody since before `before`. */
export async function deleteRevocations(db: Executor, before: Date, limit: number): Promise<number> {
  const past = db
    .select({ id: revocations.id })
    .from(revocations)
    .where(lt(revocations.until, before))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db
    .delete(revocations)
    .where(inArray(revocations.id, past))
    .returning({ id: revocations.id });
  return gone.length;
}
