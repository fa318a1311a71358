import { endReasons } from "@/lib/contract/admin-filters.ts";
import { sessionStates } from "@/lib/contract/admin-shapes.ts";
import { endWords } from "@/lib/contract/end-words.ts";
import { ChoiceFilter } from "./filter-form.tsx";

/** Sessions whose newest token is outstanding, blacklisted or expired. */
export function StateFilter({ query }: { query: URLSearchParams }) {
  const choices = sessionStates.map((state) => [state, state] as const);
  return <ChoiceFilter name="state" label="State" query={query} choices={choices} />;
}

/** Sessions that ended for one reason. */
export function ReasonFilter({ query }: { query: URLSearchParams }) {
  const choices = endReasons.map((reason) => [reason, endWords(reason)] as const);
  return <ChoiceFilter name="reason" label="Why it ended" query={query} choices={choices} />;
}
