import type { ReactNode } from "react";

/** What went wrong with a form as a whole, read out when it appears; its line is always there, so nothing jumps. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="min-h-6 text-small text-danger">
      {children}
    </p>
  );
}
