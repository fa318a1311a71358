import Link from "next/link";
import type { ReactNode } from "react";
import { LogOutButton } from "./log-out-button.tsx";
import { Wordmark } from "./wordmark.tsx";

/** The frame of a logged-in person's pages: who they are, the way out, a title. */
export function AccountPage({
  title,
  email,
  children,
}: {
  title: string;
  email: string;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto min-h-dvh max-w-3xl px-5 pb-24">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line py-5">
        <Link href="/" prefetch={false} className="flex">
          <Wordmark />
        </Link>
        <div className="flex min-w-0 items-center gap-4">
          <span className="min-w-0 truncate text-small text-quiet">{email}</span>
          <LogOutButton />
        </div>
      </header>
      <main className="space-y-10 pt-10">
        <h1 className="text-heading font-semibold tracking-tight">{title}</h1>
        {children}
      </main>
    </div>
  );
}
