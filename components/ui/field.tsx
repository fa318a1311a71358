import type { ComponentProps, ReactNode } from "react";
import { FieldFrame, type FrameProps } from "./field-frame.tsx";

export type FieldProps = Omit<ComponentProps<"input">, "className" | "id" | "children"> &
  FrameProps & {
    /** A button at the field's end. */
    action?: ReactNode;
    /** What stands between the hint and the error. */
    children?: ReactNode;
  };

/** A labelled field with its error beside it, in words, and read out when it appears. */
export function Field({ label, error, hint, action, children, ...input }: FieldProps) {
  return (
    <FieldFrame label={label} error={error} hint={hint} more={children}>
      {(control) => (
        <div className="relative">
          <input
            {...input}
            {...control}
            className={`block min-h-11 w-full rounded-lg border border-edge bg-surface py-2 pl-3 aria-invalid:border-danger ${action ? "pr-12" : "pr-3"}`}
          />
          {action && <div className="absolute inset-y-0 right-0 flex">{action}</div>}
        </div>
      )}
    </FieldFrame>
  );
}
