"use client";

import { useState } from "react";
import { Field, type FieldProps } from "./field.tsx";
import { useInteractive } from "./use-interactive.ts";

const EYE =
  "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm12.5 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z";
const STROKE_THROUGH = "M4 4l16 16";

/** A field for a password that can be looked at while it is typed. */
export function PasswordField(props: Omit<FieldProps, "type" | "action">) {
  const [shown, setShown] = useState(false);
  const interactive = useInteractive();
  const action = (
    <button
      type="button"
      aria-label="Show password"
      aria-pressed={shown}
      disabled={!interactive}
      onClick={() => setShown(!shown)}
      className="flex min-h-11 min-w-11 items-center justify-center rounded-lg text-quiet hover:text-ink"
    >
      <svg
        viewBox="0 0 24 24"
        className="size-5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        aria-hidden="true"
      >
        <path d={shown ? EYE + STROKE_THROUGH : EYE} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </button>
  );
  const type = shown ? "text" : "password";
  return <Field autoCapitalize="none" spellCheck={false} {...props} type={type} action={action} />;
}
