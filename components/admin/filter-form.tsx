import type { ReactNode } from "react";
import { Button } from "../button.tsx";
import { LinkButton } from "../link-button.tsx";

/** Filters of a list. They stand in the URL, so that a view can be kept, shared and gone back to. */
export function FilterForm({
  path,
  filtered,
  children,
}: {
  path: string;
  /** Whether any filter is set. */
  filtered: boolean;
  children: ReactNode;
}) {
  return (
    <form method="get" action={path} className="flex flex-wrap items-end gap-x-4 gap-y-3">
      {children}
      <div className="flex flex-wrap gap-3">
        <Button type="submit">Filter</Button>
        {filtered && (
          <LinkButton look="quiet" href={path}>
            Clear
          </LinkButton>
        )}
      </div>
    </form>
  );
}

type FilterProps = { name: string; label: string; query: URLSearchParams };
const CONTROL = "block min-h-11 w-full rounded-lg border border-edge bg-surface px-3 py-2";

/** A filter that is typed. */
export function TextFilter({
  name,
  label,
  query,
  type = "text",
  example,
}: FilterProps & { type?: "text" | "search"; example?: string }) {
  return (
    <label className="grow basis-52 space-y-1.5">
      <span className="block font-medium">{label}</span>
      <input
        name={name}
        type={type}
        defaultValue={query.get(name) ?? ""}
        placeholder={example}
        autoCapitalize="none"
        spellCheck={false}
        className={`${CONTROL} placeholder:text-quiet`}
      />
    </label>
  );
}

/** A filter that is one of a few. */
export function ChoiceFilter({
  name,
  label,
  query,
  choices,
}: FilterProps & { choices: readonly (readonly [value: string, text: string])[] }) {
  return (
    <label className="basis-40 space-y-1.5 max-sm:grow">
      <span className="block font-medium">{label}</span>
      <select name={name} defaultValue={query.get(name) ?? ""} className={CONTROL}>
        <option value="">Any</option>
        {choices.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
