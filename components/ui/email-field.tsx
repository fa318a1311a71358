import { Field, type FieldProps } from "./field.tsx";

/** A field for an e-mail address, which no keyboard corrects. */
export function EmailField(props: Omit<FieldProps, "type" | "inputMode" | "autoCapitalize" | "spellCheck">) {
  return <Field {...props} type="email" inputMode="email" autoCapitalize="none" spellCheck={false} />;
}
