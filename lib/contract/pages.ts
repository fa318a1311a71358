import { z } from "zod";

/** One page of a list. */
export type Page<Item> = { results: Item[]; next: string | null };

/** A place in a list that is ordered by an instant, then by id. */
export type Position = { at: Date; id: string };

/** What a list call asks for: so many items after a place, or from the start. */
export type AskedPage = { limit: number; after?: Position | undefined };
export type AskedList<Filter> = AskedPage & { filter: Filter };

export const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 25;

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

/** Rows as they cross the wire, and the cursor of what follows. */
export function toWirePage<Row, Item>(
  { rows, next }: { rows: Row[]; next: Position | null },
  toItem: (row: Row) => Item,
): Page<Item> {
  return { results: rows.map(toItem), next: next && encodeCursor(next) };
}

/** A place as the opaque text of `next`. */
export function encodeCursor({ at, id }: Position): string {
  const text = JSON.stringify([at.toISOString(), id]);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** PostgreSQL knows no year 0, which ISO 8601 has. */
const InstantAndId = z.tuple([
  z.iso
    .datetime()
    .refine((text) => !text.startsWith("0000"))
    .pipe(z.coerce.date()),
  z.uuid(),
]);

/** The place that a cursor of ours names; null for any other text. */
export function decodeCursor(cursor: string): Position | null {
  try {
    const place = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    const { success, data } = InstantAndId.safeParse(place);
    return success ? { at: data[0], id: data[1] } : null;
  } catch {
    return null;
  }
}
