import { type ReadLog, type Revocation, readLog } from "@/db/queries/revocations.ts";
import type { Moment } from "@/lib/app/call.ts";
import { REVOCATION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { decodeLogCursor, encodeLogCursor, type LogCursor } from "./log-cursor.ts";

/** Where a reader goes on, and how long it waits for the next entry. */
export type AskedOfLog = { after?: string | undefined; waitSeconds: number };

export type ReadRevocations = {
  kind: "read";
  revocations: Revocation[];
  next: string;
  /** False where the cursor says nothing any more: these are all that can still matter. */
  complete: boolean;
};

/**
 * The ends of sessions that other services have yet to hear of, each at least once (OWASP ASVS 7.4.1).
 *
 * 1. a cursor that is none of ours → refused
 * 2. none, or one older than what is kept, or of a database before this one → all that can still matter, up to a page;
 *    for a cursor, with `complete: false`
 * 3. entries after it → those, up to a page, at once
 * 4. none → the first that comes within the wait, or none; where Keyturn stops, none at once
 */
export async function readRevocations(
  moment: Moment,
  { after, waitSeconds }: AskedOfLog,
): Promise<ReadRevocations | Failure> {
  const cursor = after === undefined ? null : decodeLogCursor(after);
  if (after !== undefined && cursor === null) return failure("bad_request", "The cursor is not valid.");
  const outdated = cursor !== null && cursor.at < secondsAfter(moment.now, -REVOCATION_KEPT_SECONDS);
  const read = await waitFor(moment, outdated ? null : cursor, waitSeconds * 1_000);
  return {
    kind: "read",
    revocations: read.entries,
    next: encodeLogCursor({ at: moment.now, place: read.next }),
    complete: read.known && !outdated,
  };
}

/** The log has been read when it was counted, or it is read again. */
async function waitFor({ app, now }: Moment, cursor: LogCursor | null, waitMs: number): Promise<ReadLog> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const count = app.revocationLog.count();
    const read = await readLog(app.db, cursor?.place ?? null, now);
    if (read.entries.length > 0 || !read.known) return read;
    if (!(await app.revocationLog.growth(count, untilMs - performance.now()))) return read;
  }
}
