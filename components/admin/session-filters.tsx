import { endReasons } from "@/lib/contract/admin-filters.ts";
import { sessionStates } from "@/lib/contract/admin-shapes.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
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

/** Sessions that were opened for one application; nothing as long as there is none. */
export function ApplicationFilter({
  asked,
  applications,
}: {
  asked: AskedFilters;
  applications: PublicApplication[];
}) {
  const choices = applications.map(({ client_id: id, name }) => [id, name] as const);
  const chosen = asked.query.get("application") ?? "";
  const isGone = chosen !== "" && !choices.some(([id]) => id === chosen);
  if (choices.length === 0 && !isGone) return null;
  const all = isGone ? [...choices, [chosen, "One that is not there"] as const] : choices;
  return <ChoiceFilter name="application" label="Application" asked={asked} choices={all} />;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
