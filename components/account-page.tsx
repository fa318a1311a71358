import Link from "next/link";
import type { ReactNode } from "react";
import type { PublicUser } from "@/lib/contract/account.ts";
import { AccountNav, type AccountPlace } from "./account-nav.tsx";
import { LogOutButton } from "./log-out-button.tsx";
import { Wordmark } from "./wordmark.tsx";

/**
 * The frame of a logged-in person's pages: who they are, the way out, the way between the pages, a title.
 *
 * @param at which of the pages this is, or belongs to
 */
export function AccountPage({
  title,
  user,
  at,
  children,
}: {
  title: string;
  user: PublicUser;
  at: AccountPlace;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto min-h-dvh max-w-3xl px-5 pb-24">
      <header className="border-b border-line pt-5">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 pb-3">
          <Link href="/" prefetch={false} className="flex">
            <Wordmark />
          </Link>
          <div className="flex min-w-0 items-center gap-4">
            <span className="min-w-0 truncate text-small text-quiet">{user.name || user.email}</span>
            <LogOutButton />
          </div>
        </div>
        <AccountNav at={at} role={user.role} />
      </header>
      <main className="space-y-10 pt-10">
        <h1 className="text-heading font-semibold tracking-tight">{title}</h1>
        {children}
      </main>
    </div>
  );
}
