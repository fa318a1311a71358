"use client";

import { useLinkStatus } from "next/link";

/** In a link: a line that appears under it when the page it leads to takes longer than a moment. */
export function LinkPending() {
  const { pending } = useLinkStatus();
  return (
    <span
      aria-hidden="true"
      className={`absolute inset-x-0 bottom-0 h-0.5 rounded-full bg-current transition-opacity duration-300 ${pending ? "opacity-60 delay-150 motion-safe:animate-pulse" : "opacity-0"}`}
    />
  );
}
