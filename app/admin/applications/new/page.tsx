import { AddApplicationForm } from "@/components/admin/add-application-form.tsx";
import { AdminPage } from "@/components/admin/admin-page.tsx";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";

export const generateMetadata = titleForAdmins("Add an application");

export default async function NewApplicationPage() {
  const { app, principal } = await requirePageAdmin("/admin/applications/new");
  return (
    <AdminPage title="Add an application" user={showAccount(principal)} at="/admin/applications">
      <AddApplicationForm issuer={app.settings.APP_URL} />
    </AdminPage>
  );
}
