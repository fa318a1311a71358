import { type ComponentProps, type ReactNode, useId } from "react";

export type FieldProps = Omit<ComponentProps<"input">, "className" | "id" | "children"> & {
  label: string;
  error?: string | undefined;
  hint?: string | undefined;
  /** A button at the field's end. */
  action?: ReactNode;
  /** What stands between the hint and the error. */
  children?: ReactNode;
};

/** A labelled field with its error beside it, in words, and read out when it appears. */
export function Field({ label, error, hint, action, children, ...input }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          {...input}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
          className={`block min-h-11 w-full rounded-lg border border-edge bg-surface py-2 pl-3 aria-invalid:border-danger ${action ? "pr-12" : "pr-3"}`}
        />
        {action && <div className="absolute inset-y-0 right-0 flex">{action}</div>}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-small text-quiet">
          {hint}
        </p>
      )}
      {children}
      <p id={`${id}-error`} role="alert" className="min-h-[1lh] text-small text-danger">
        {error}
      </p>
    </div>
  );
}
