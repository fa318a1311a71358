import { type ComponentProps, useId } from "react";

type Props = Omit<ComponentProps<"input">, "className" | "id"> & {
  label: string;
  error?: string | undefined;
  hint?: string | undefined;
};

/** A labelled field with its error beside it, in words, and read out when it appears. */
export function Field({ label, error, hint, ...input }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <input
        {...input}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        className="block min-h-11 w-full rounded-lg border border-line bg-surface px-3 py-2 aria-invalid:border-danger"
      />
      {hint && (
        <p id={`${id}-hint`} className="text-small text-quiet">
          {hint}
        </p>
      )}
      <p id={`${id}-error`} role="alert" className="min-h-5 text-small text-danger">
        {error}
      </p>
    </div>
  );
}
