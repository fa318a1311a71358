import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { AdminPage } from "@/components/admin/admin-page.tsx";
import { ApplicationActs } from "@/components/admin/application-acts.tsx";
import { ApplicationDeliveries } from "@/components/admin/application-deliveries.tsx";
import { ApplicationFacts } from "@/components/admin/application-facts.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { showApplication } from "@/lib/auth/admin/list-applications.ts";
import { listDeliveries } from "@/lib/auth/admin/list-deliveries.ts";
import { countSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePagePrincipal } from "@/lib/http/pages/page-principal.ts";
import { NOT_FOUND } from "@/lib/http/pages/page-title.ts";
import { readId } from "@/lib/http/request/edge.ts";

type ApplicationProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: ApplicationProps): Promise<Metadata> {
  const { shown } = await openApplication(readId((await params).id));
  return shown.kind === "failure" ? NOT_FOUND : { title: "Application" };
}

export default async function ApplicationPage({ params }: ApplicationProps) {
  const id = readId((await params).id);
  const call = await openApplication(id);
  const { app, principal, now, shown } = call;
  if (shown.kind === "failure") notFound();
  const { application } = shown;
  const counted = await countSessionsMatching(call, { application: id });
  const sessions = counted.kind === "counted" ? counted.count : 0;
  const listed = await listDeliveries(call, id);
  const deliveries = listed.kind === "listed" ? listed.page.results : [];
  const about = { application, issuer: app.settings.APP_URL, sessions };
  return (
    <AdminPage title={application.name} user={showAccount(principal)} at="/admin/applications">
      <ApplicationFacts {...about} now={now} />
      <ApplicationActs {...about} />
      <ApplicationDeliveries application={application} deliveries={deliveries} now={now} />
      <LinkButton look="quiet" href={`/admin/sessions?application=${id}`}>
        All its sessions
      </LinkButton>
    </AdminPage>
  );
}

/** Who opens the page and which application it is about, asked once for its title and itself; only for an admin. */
const openApplication = cache(async (id: string) => {
  const opened = await requirePagePrincipal(`/admin/applications/${id}`);
  return { ...opened, shown: await showApplication(opened, id) };
});
