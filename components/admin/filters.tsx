import type { ReactNode } from "react";

/** What a list was asked with, and what is wrong with that by the name of each filter. */
export type AskedFilters = { query: URLSearchParams; faults: Record<string, string> };

type FilterProps = { name: string; label: string; asked: AskedFilters };
const CONTROL =
  "block min-h-11 w-full rounded-lg border border-edge bg-surface px-3 py-2 aria-invalid:border-danger";

/** A filter that is typed. */
export function TextFilter({
  type = "text",
  example,
  ...filter
}: FilterProps & { type?: "text" | "search"; example?: string }) {
  return (
    <LabelledFilter className="grow basis-52" {...filter}>
      {(control) => (
        <input
          {...control}
          type={type}
          placeholder={example}
          autoCapitalize="none"
          spellCheck={false}
          className={`${CONTROL} placeholder:text-quiet`}
        />
      )}
    </LabelledFilter>
  );
}

/** A filter that is one of a few. */
export function ChoiceFilter({
  choices,
  ...filter
}: FilterProps & { choices: readonly (readonly [value: string, text: string])[] }) {
  return (
    <LabelledFilter className="basis-40 max-sm:grow" {...filter}>
      {(control) => (
        <select {...control} className={CONTROL}>
          <option value="">Any</option>
          {choices.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </LabelledFilter>
  );
}

/** A filter under its label, with what is wrong with it, in words. */
function LabelledFilter({
  name,
  label,
  asked,
  className,
  children,
}: FilterProps & { className: string; children: (control: Control) => ReactNode }) {
  const fault = asked.faults[name];
  const value = asked.query.get(name) ?? "";
  const [id, faultId] = [`filter-${name}`, `filter-${name}-fault`];
  const control = {
    id,
    name,
    defaultValue: value,
    "aria-invalid": fault ? (true as const) : undefined,
    "aria-describedby": fault && faultId,
  };
  return (
    <div key={value} className={`space-y-1.5 ${className}`}>
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children(control)}
      {fault && (
        <p id={faultId} className="text-small text-danger">
          {fault}
        </p>
      )}
    </div>
  );
}

type Control = {
  id: string;
  name: string;
  defaultValue: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
};
