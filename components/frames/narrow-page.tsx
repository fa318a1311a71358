import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "./wordmark.tsx";

/** The frame of pages that ask one thing: a title, a sentence, a form. */
export function NarrowPage({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-md flex-col px-5">
      <header className="py-6">
        <Link href="/" prefetch={false}>
          <Wordmark />
        </Link>
      </header>
      <main className="flex grow flex-col justify-center gap-6 pt-6 pb-24">
        <div className="space-y-2">
          <h1 className="text-balance text-heading font-semibold tracking-tight">{title}</h1>
          {lead && <p className="text-quiet">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
