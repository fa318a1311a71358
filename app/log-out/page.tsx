import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LogOutButton } from "@/components/frames/log-out-button.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { HOME_PATH } from "@/lib/contract/next-path.ts";
import { keptAddress } from "@/lib/http/pages/page-destination.ts";
import { pagePrincipal } from "@/lib/http/pages/page-principal.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

export const metadata: Metadata = { title: "Log out?" };

/** Asks before a log-out that any page could have led here. */
export default async function LogOutPage({ searchParams }: PageProps) {
  const address = (await keptAddress((await searchParams).to)) ?? "/login";
  const principal = await pagePrincipal();
  if (!principal) redirect(address);
  return (
    <NarrowPage
      title="Log out?"
      lead={
        <>
          You are logged in as{" "}
          <strong className="font-semibold break-words text-ink">{principal.user.email}</strong>. This logs
          this browser out, and every application that was opened from it.
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-3">
        <LogOutButton leaveTo={address} />
        <LinkButton href={HOME_PATH} look="quiet">
          Stay logged in
        </LinkButton>
      </div>
    </NarrowPage>
  );
}
