import type { ReactNode } from "react";

/** A name and what is known of it; names are unique. */
export type Fact = readonly [name: string, value: ReactNode];

/** Facts one under the other: names beside values, or above them where the window is narrow. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid gap-x-8 gap-y-1 sm:items-baseline sm:grid-cols-[10rem_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="max-sm:pb-2 sm:contents">
          <dt className="text-quiet">{name}</dt>
          <dd className="min-w-0 wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
