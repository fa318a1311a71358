import { AdminPage } from "@/components/admin/admin-page.tsx";
import { ApplicationsTable } from "@/components/admin/applications-table.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { listApplications } from "@/lib/auth/admin/list-applications.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";

export const generateMetadata = titleForAdmins("Applications");

const PATH = "/admin/applications";

export default async function ApplicationsPage() {
  const call = await requirePageAdmin(PATH);
  const listed = await listApplications(call);
  const applications = listed.kind === "listed" ? listed.page.results : [];
  return (
    <AdminPage title="Applications" user={showAccount(call.principal)} at={PATH}>
      <div className="space-y-4">
        <p className="max-w-prose text-quiet">
          Products of yours that people log in to through these pages, with OAuth and OpenID Connect.
        </p>
        <LinkButton href={`${PATH}/new`}>Add an application</LinkButton>
      </div>
      <ApplicationsTable applications={applications} now={call.now} />
    </AdminPage>
  );
}
