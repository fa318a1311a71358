import Link from "next/link";
import type { ReactNode } from "react";
import { OwnAccountProvider } from "@/components/ui/account-field.tsx";
import { isStrong, type PublicUser } from "@/lib/contract/account.ts";
import { AccountNav, type AccountPlace } from "./account-nav.tsx";
import { LogOutButton } from "./log-out-button.tsx";
import { Wordmark } from "./wordmark.tsx";

/**
 * The frame of a logged-in person's pages: who they are, the way out, the way between the pages, a title.
 *
 * @param at which of the pages this is, or belongs to
 * @param wide for pages of tables
 * @param lead what stands right under the title: how many there are, or the ways to pages that belong to this one
 */
export function AccountPage({
  title,
  user,
  at,
  wide = false,
  lead,
  children,
}: {
  title: string;
  user: PublicUser;
  at: AccountPlace;
  wide?: boolean;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={`mx-auto min-h-dvh px-5 pb-24 ${wide ? "max-w-6xl" : "max-w-3xl"}`}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2 focus:underline"
      >
        Skip to the content
      </a>
      <header className="border-b border-line pt-5">
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 pb-3">
          <Link href="/" prefetch={false} className="flex">
            <Wordmark />
          </Link>
          <div className="flex min-w-0 items-center gap-4 [&_button]:whitespace-nowrap">
            <span className="min-w-0 truncate text-small text-quiet">{user.name || user.email}</span>
            <LogOutButton />
          </div>
        </div>
        <AccountNav at={at} role={user.role} />
      </header>
      <main id="content" tabIndex={-1} className="space-y-10 pt-10 outline-none">
        <div className="space-y-2">
          <h1 className="text-heading font-semibold tracking-tight wrap-anywhere">{title}</h1>
          {lead}
        </div>
        <OwnAccountProvider email={user.email} strong={isStrong(user.two_factor)}>
          {children}
        </OwnAccountProvider>
      </main>
    </div>
  );
}
