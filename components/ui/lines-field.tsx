import type { ComponentProps } from "react";
import { FieldFrame, type FrameProps } from "./field-frame.tsx";

type Props = Omit<ComponentProps<"textarea">, "className" | "id" | "children"> & FrameProps;

/** A labelled field of several lines that are code, such as addresses: none is broken, checked or capitalized. */
export function LinesField({ label, error, hint, ...textarea }: Props) {
  return (
    <FieldFrame label={label} error={error} hint={hint}>
      {(control) => (
        <textarea
          rows={3}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          wrap="off"
          {...textarea}
          {...control}
          className="block w-full resize-y rounded-lg border border-edge bg-surface px-3 py-2 font-mono text-small placeholder:text-quiet aria-invalid:border-danger"
        />
      )}
    </FieldFrame>
  );
}
