import { z } from "zod";
import type { LogPlace } from "@/db/queries/revocations.ts";
import { instant } from "@/lib/base/clock.ts";

/** A place in the log of revocations, and when it was read. */
export type LogCursor = { at: Date; place: LogPlace };

const snapshot = z
  .string()
  .regex(/^\d{1,18}:\d{1,18}:(\d{1,18}(,\d{1,18})*)?$/)
  .refine(isInOrder);
const Written = z.tuple([
  z.int(),
  z.int().nonnegative(),
  snapshot.nullable(),
  z.tuple([snapshot, z.int().nonnegative()]).nullable(),
]);

/** A cursor as the opaque text of `next`. */
export function encodeLogCursor({ at, place: { server, seen, reading } }: LogCursor): string {
  const written = [at.getTime(), server, seen, reading && [reading.snapshot, reading.id]];
  return Buffer.from(JSON.stringify(written)).toString("base64url");
}

/** What such a text says; null for any other, so that the database is asked for nothing it can't read. */
export function decodeLogCursor(text: string): LogCursor | null {
  try {
    const { data } = Written.safeParse(JSON.parse(Buffer.from(text, "base64url").toString()));
    if (!data) return null;
    const [at, server, seen, reading] = data;
    const place = { server, seen, reading: reading && { snapshot: reading[0], id: reading[1] } };
    return { at: instant(at), place };
  } catch {
    return null;
  }
}

/** What PostgreSQL asks of a snapshot: its first transaction, the one after its last, and between them those under way. */
function isInOrder(text: string): boolean {
  const [first = "", end = "", underWay = ""] = text.split(":");
  const between = underWay === "" ? [] : underWay.split(",").map(BigInt);
  const [from, to] = [BigInt(first), BigInt(end)];
  const ascending = between.every((one, i) => one >= (between[i - 1] ?? from) && one < to);
  return from > 0n && from <= to && ascending;
}
