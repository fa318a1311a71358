"use client";

import { type ChangeEvent, useState } from "react";
import type { FieldProps } from "./field.tsx";
import { PasswordField } from "./password-field.tsx";
import { StrengthMeter } from "./strength-meter.tsx";

type Props = Omit<FieldProps, "type" | "action" | "children" | "autoComplete" | "hint"> & {
  /** The person's own words, such as address and name: guessed first. */
  related: readonly string[];
};

/** A field for a password that is being chosen; takes what `register` of react-hook-form returns. */
export function NewPasswordField({ related, onChange, ...field }: Props) {
  const [typed, setTyped] = useState("");
  function follow(event: ChangeEvent<HTMLInputElement>) {
    setTyped(event.target.value);
    return onChange?.(event);
  }
  return (
    <PasswordField
      {...field}
      autoComplete="new-password"
      hint="At least 8 characters. A few words are best."
      onChange={follow}
    >
      <StrengthMeter password={typed} related={related} />
    </PasswordField>
  );
}
