import { z } from "zod";
import { type Failure, failure } from "./errors.ts";

/** One page of a list. */
export type Page<Item> = { results: Item[]; next: string | null };

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 25;

/** The position in a list that is ordered by an instant, then by id. PostgreSQL knows no year 0, which ISO 8601 has. */
export const InstantAndId = z.tuple([z.iso.datetime().refine((text) => !text.startsWith("0000")), z.uuid()]);

/** A page of `Item`, as an answer. */
export function pageOf<Item>(item: z.ZodType<Item>) {
  return z.object({
    results: z.array(item),
    next: z.string().nullable().describe("The cursor of the next page; null on the last."),
  });
}

export const PageQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .meta({ wire: { type: "integer", minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT } })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_LIMIT)
    .default(DEFAULT_LIMIT),
  cursor: z.string().describe("`next` of the page before.").optional(),
});

/**
 * `limit` and the opened cursor of a list call. Anything else than what we handed out is refused.
 *
 * @param position the shape of this list's cursor
 */
export function parsePageQuery<Position>(
  query: URLSearchParams,
  position: z.ZodType<Position>,
): { kind: "page"; limit: number; after: Position | undefined } | Failure {
  const values = Object.fromEntries(query);
  if (new Set(query.keys()).size !== query.size)
    return failure("bad_request", "A query parameter is given twice.");
  const { success, data } = PageQuery.safeParse(values);
  if (!success) return failure("bad_request", `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  if (data.cursor === undefined) return { kind: "page", limit: data.limit, after: undefined };
  const after = position.safeParse(openCursor(data.cursor));
  return after.success
    ? { kind: "page", limit: data.limit, after: after.data }
    : failure("bad_request", "The cursor is not valid.");
}

/** A list position as the opaque text of `next`. */
export function sealCursor(position: readonly string[]): string {
  return btoa(JSON.stringify(position)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function openCursor(cursor: string): unknown {
  try {
    return JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}
