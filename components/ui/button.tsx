"use client";

import type { ComponentProps } from "react";
import { useInteractive } from "./use-interactive.ts";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  quiet: "border border-line bg-surface hover:border-quiet",
  danger: "border border-danger text-danger hover:bg-danger/10",
};

type Props = Omit<ComponentProps<"button">, "className"> & {
  look?: keyof typeof LOOKS;
  /** Its form is sent by the browser itself, so it works without the page's scripts. */
  native?: boolean;
  /** What it says while its act is under way; it can't be pressed again then, but keeps the focus. */
  busy?: string | false | undefined;
};

/**
 * A button that says what it is doing instead of spinning. Before the page's scripts run it can't be pressed, nor can
 * Enter send its form: the press would be lost, and what was typed with it.
 */
export function Button({
  look = "primary",
  native = false,
  busy,
  children,
  disabled,
  onClick,
  ...rest
}: Props) {
  const interactive = useInteractive();
  const off = disabled || Boolean(busy);
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || !(native || interactive)}
      aria-disabled={busy ? true : undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`min-h-11 rounded-lg px-4 py-2 font-medium transition-opacity ${off ? "opacity-60" : ""} ${LOOKS[look]}`}
    >
      {busy || children}
    </button>
  );
}
