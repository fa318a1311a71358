"use client";

import type { ReactNode } from "react";

const focus = (element: HTMLElement | null) => element?.focus();

/** What was done, as a page's lead. It takes the focus, because the button that did it is gone. */
export function Done({ children }: { children: ReactNode }) {
  return (
    <span ref={focus} role="status" tabIndex={-1}>
      {children}
    </span>
  );
}
