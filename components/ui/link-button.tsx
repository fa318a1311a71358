import Link from "next/link";
import type { ReactNode } from "react";
import { LinkPending } from "./link-pending.tsx";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  quiet: "border border-line bg-surface hover:border-quiet",
};

/** A link that looks like a button: it leads somewhere and does nothing. */
export function LinkButton({
  href,
  look = "primary",
  children,
}: {
  href: string;
  look?: keyof typeof LOOKS;
  children: ReactNode;
}) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={`relative inline-flex overflow-hidden min-h-11 items-center rounded-lg px-4 py-2 font-medium transition-opacity ${LOOKS[look]}`}
    >
      {children}
      <LinkPending />
    </Link>
  );
}
