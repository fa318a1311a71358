import { type ReactNode, useId } from "react";

type Control = {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
};

export type FrameProps = {
  label: string;
  error?: string | undefined;
  hint?: string | undefined;
};

/** What stands round every control of a form: its label, a hint, and its error in words, read out when it appears. */
export function FieldFrame({
  label,
  error,
  hint,
  children,
  more,
}: FrameProps & {
  children: (control: Control) => ReactNode;
  /** What stands between the hint and the error. */
  more?: ReactNode;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": described || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-small text-quiet">
          {hint}
        </p>
      )}
      {more}
      <p id={`${id}-error`} role="alert" className="min-h-[1lh] text-small text-danger">
        {error}
      </p>
    </div>
  );
}
