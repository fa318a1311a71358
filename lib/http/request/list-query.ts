import { z } from "zod";
import { RevocationFilter } from "@/lib/contract/admin-filters.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { type AskedList, decodeCursor, MAX_LIMIT, PageQuery } from "@/lib/contract/pages.ts";

const TWICE = "A query parameter is given twice.";

/** For lists without filters: whatever else a query says is no business of theirs. */
export const NoFilter = z.object({});

/**
 * What `list` finds for the page and the filter that a query asks for.
 *
 * 1. a parameter twice, or a limit, cursor or filter that is none → `bad_request`, and `list` is not called
 * 2. else → what `list` says
 */
export async function withListQuery<Filter, Outcome>(
  query: URLSearchParams,
  schema: z.ZodType<Filter>,
  list: (asked: AskedList<Filter>) => Promise<Outcome>,
): Promise<Outcome | Failure> {
  const asked = readListQuery(query, schema);
  return asked.kind === "failure" ? asked : list(asked);
}

/**
 * What `handle` makes of a query.
 *
 * 1. a parameter twice, or one that doesn't fit `schema` → `bad_request`, and `handle` is not called
 * 2. else → what `handle` says; parameters that `schema` doesn't know are no business of its
 */
export async function withQuery<Asked, Outcome>(
  query: URLSearchParams,
  schema: z.ZodType<Asked>,
  handle: (asked: Asked) => Promise<Outcome>,
): Promise<Outcome | Failure> {
  if (new Set(query.keys()).size !== query.size) return failure("bad_request", TWICE);
  const { data, error } = schema.safeParse(Object.fromEntries(query));
  if (error) return failure("bad_request", `${String(error.issues[0]?.path[0])} is not valid.`);
  return handle(data);
}

function readListQuery<Filter>(
  query: URLSearchParams,
  schema: z.ZodType<Filter>,
): ({ kind: "asked" } & AskedList<Filter>) | Failure {
  if (new Set(query.keys()).size !== query.size) return failure("bad_request", TWICE);
  const page = PageQuery.safeParse(Object.fromEntries(query));
  if (!page.success) return failure("bad_request", `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  const { limit, cursor } = page.data;
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  if (after === null) return failure("bad_request", "The cursor is not valid.");
  const filter = schema.safeParse(givenFilter(query));
  if (filter.success) return { kind: "asked", limit, after, filter: filter.data };
  const [issue] = filter.error.issues;
  if (issue?.code === "unrecognized_keys") return failure("bad_request", "There is no such filter.");
  return failure("bad_request", `${String(issue?.path[0])} is not valid.`);
}

/** What is wrong with each filter of a form, in a sentence to stand beside its field. */
export function filterFaults(query: URLSearchParams, schema: z.ZodType): Record<string, string> {
  const { error } = schema.safeParse(givenFilter(query));
  const faults = (error?.issues ?? []).map(({ path: [field], message }) => [field, message]);
  return Object.fromEntries(faults.filter(([field]) => field !== undefined));
}

/**
 * Whose sessions a list that is shown with `query` could end, as the verb and as the API are asked; null where it is not
 * narrowed to somebody.
 */
export function readRevocationFilter(
  query: URLSearchParams,
): { filter: RevocationFilter; wire: Record<string, string> } | null {
  const wire = givenFilter(query);
  const parsed = RevocationFilter.safeParse(wire);
  return parsed.success && !("everyone" in wire) ? { filter: parsed.data, wire } : null;
}

/** A query without `limit` and `cursor`; an empty filter is none, as forms send it. */
function givenFilter(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].filter(([key, value]) => key !== "limit" && key !== "cursor" && value !== ""),
  );
}
