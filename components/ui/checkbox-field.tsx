import type { ComponentProps } from "react";

type Props = Omit<ComponentProps<"input">, "type" | "className"> & { label: string; hint: string };

/** A box to tick, with what it means below its label. */
export function CheckboxField({ label, hint, ...input }: Props) {
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" className="mt-0.5 size-5 shrink-0 accent-accent" {...input} />
      <span>
        {label}
        <span className="block text-small text-quiet">{hint}</span>
      </span>
    </label>
  );
}
