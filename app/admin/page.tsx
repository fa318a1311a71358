import Link from "next/link";
import { AdminPage } from "@/components/admin/admin-page.tsx";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";

export const generateMetadata = titleForAdmins("Administration");

const PLACES = [
  ["/admin/users", "People", "Find a person, invite one, change a role, take access away or give it back."],
  ["/admin/sessions", "Sessions", "Every device that is or was logged in, and why it was logged out."],
  ["/admin/tokens", "Tokens", "The newest token of each session, outstanding or blacklisted; look one up."],
  [
    "/admin/applications",
    "Applications",
    "Products of yours that people log in to here; add one, or give it a new secret.",
  ],
  ["/admin/events", "Audit trail", "Who did what, to whom, when and why."],
] as const;

export default async function AdminStart() {
  const { principal } = await requirePageAdmin("/admin");
  return (
    <AdminPage title="Administration" user={showAccount(principal)} at="/admin">
      <ul className="grid gap-4 sm:grid-cols-2">
        {PLACES.map(([path, name, text]) => (
          <li key={path}>
            <Link
              href={path}
              prefetch={false}
              className="block h-full space-y-1 rounded-xl border border-line bg-surface p-5 hover:border-quiet"
            >
              <h2 className="font-semibold">{name}</h2>
              <p className="text-small text-quiet">{text}</p>
            </Link>
          </li>
        ))}
      </ul>
    </AdminPage>
  );
}
