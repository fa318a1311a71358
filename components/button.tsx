import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  quiet: "border border-line bg-surface hover:border-quiet",
  danger: "border border-danger text-danger hover:bg-danger/10",
};

type Props = Omit<ComponentProps<"button">, "className"> & {
  look?: keyof typeof LOOKS;
  /** What it says while its act is under way; it can't be pressed again then. */
  busy?: string | false | undefined;
};

/** A button that says what it is doing instead of spinning. */
export function Button({ look = "primary", busy, children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || Boolean(busy)}
      className={`min-h-11 rounded-lg px-4 py-2 font-medium transition-opacity disabled:opacity-60 ${LOOKS[look]}`}
    >
      {busy || children}
    </button>
  );
}
