import { endReasons } from "@/lib/contract/admin-filters.ts";
import { sessionStates } from "@/lib/contract/admin-shapes.ts";
import { endWords } from "@/lib/contract/end-words.ts";
import { type AskedFilters, ChoiceFilter } from "./filters.tsx";

/** Sessions whose newest token is outstanding, blacklisted or expired. */
export function StateFilter({ asked }: { asked: AskedFilters }) {
  const choices = sessionStates.map((state) => [state, capital(state)] as const);
  return <ChoiceFilter name="state" label="State" asked={asked} choices={choices} />;
}

/** Sessions that ended for one reason. */
export function ReasonFilter({ asked }: { asked: AskedFilters }) {
  const choices = endReasons.map((reason) => [reason, capital(endWords(reason))] as const);
  return <ChoiceFilter name="reason" label="Why it ended" asked={asked} choices={choices} />;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
