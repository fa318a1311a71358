import type { z } from "zod";
import type { Position } from "@/db/queries/keyset.ts";
import { instant } from "@/lib/clock.ts";
import { parseFilter } from "@/lib/contract/admin.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { InstantAndId, type Page, parsePageQuery, sealCursor } from "@/lib/contract/pages.ts";

export type AskedPage<Filter> = { kind: "page"; filter: Filter; limit: number; after: Position | undefined };

/** The filter and place that a list call asks for; whatever we don't know is refused. */
export function readListQuery<Filter>(
  query: URLSearchParams,
  schema: z.ZodType<Filter>,
): AskedPage<Filter> | Failure {
  const asked = parsePageQuery(query, InstantAndId);
  if (asked.kind === "failure") return asked;
  const filtered = parseFilter(query, schema);
  if (filtered.kind === "failure") return filtered;
  const after = asked.after && { createdAt: instant(asked.after[0]), id: asked.after[1] };
  return { kind: "page", filter: filtered.filter, limit: asked.limit, after };
}

/** A page of rows as it crosses the wire. */
export function toWirePage<Row, Item>(
  { rows, next }: { rows: Row[]; next: Position | null },
  toItem: (row: Row) => Item,
): Page<Item> {
  return { results: rows.map(toItem), next: next && sealCursor([next.createdAt.toISOString(), next.id]) };
}
