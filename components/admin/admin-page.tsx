import type { ReactNode } from "react";
import { AccountPage } from "@/components/frames/account-page.tsx";
import { PageNav } from "@/components/frames/page-nav.tsx";
import type { PublicUser } from "@/lib/contract/account.ts";

const PLACES = [
  ["/admin/users", "People"],
  ["/admin/sessions", "Sessions"],
  ["/admin/tokens", "Tokens"],
  ["/admin/applications", "Applications"],
  ["/admin/events", "Audit trail"],
] as const;

/** The frame of the pages that only admins see. */
export function AdminPage({
  title,
  user,
  at,
  children,
}: {
  title: string;
  user: PublicUser;
  at: (typeof PLACES)[number][0] | "/admin";
  children: ReactNode;
}) {
  return (
    <AccountPage
      title={title}
      user={user}
      at="/admin"
      wide
      lead={<PageNav label="Administration" places={PLACES} at={at} />}
    >
      {children}
    </AccountPage>
  );
}
