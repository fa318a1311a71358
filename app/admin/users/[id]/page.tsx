import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { AdminPage } from "@/components/admin/admin-page.tsx";
import { PersonActs } from "@/components/admin/person-acts.tsx";
import { PersonFacts } from "@/components/admin/person-facts.tsx";
import { SessionTable } from "@/components/admin/session-table.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { listAllSessions } from "@/lib/auth/admin/list-all-sessions.ts";
import { showUser } from "@/lib/auth/admin/show-user.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePagePrincipal } from "@/lib/http/pages/page-principal.ts";
import { NOT_FOUND } from "@/lib/http/pages/page-title.ts";
import { readId } from "@/lib/http/request/edge.ts";

type PersonProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: PersonProps): Promise<Metadata> {
  const { shown } = await openPerson(readId((await params).id));
  return shown.kind === "failure" ? NOT_FOUND : { title: "Person" };
}

export default async function PersonPage({ params }: PersonProps) {
  const id = readId((await params).id);
  const call = await openPerson(id);
  const { principal, now, shown } = call;
  if (shown.kind === "failure") notFound();
  const newest = await listAllSessions(call, { limit: 10, filter: { user: { id } } });
  const sessions = newest.kind === "listed" ? newest.page.results : [];
  const { person } = shown;
  return (
    <AdminPage title={person.name || person.email} user={showAccount(principal)} at="/admin/users">
      <PersonFacts person={person} now={now} />
      <PersonActs person={person} isSelf={person.id === principal.user.id} />
      <section className="space-y-4">
        <h2 className="text-lead font-semibold">Newest sessions</h2>
        <SessionTable sessions={sessions} now={now} empty="They have not logged in yet." />
        <div className="flex flex-wrap gap-3">
          <LinkButton look="quiet" href={`/admin/sessions?user=${id}`}>
            All their sessions
          </LinkButton>
          <LinkButton look="quiet" href={`/admin/events?user=${id}`}>
            Their audit trail
          </LinkButton>
          {person.role === "admin" && (
            <LinkButton look="quiet" href={`/admin/events?actor=${id}`}>
              What they did to others
            </LinkButton>
          )}
        </div>
      </section>
    </AdminPage>
  );
}

/** Who opens the page and whom it is about, asked once for its title and itself; only an admin is shown anybody. */
const openPerson = cache(async (id: string) => {
  const opened = await requirePagePrincipal(`/admin/users/${id}`);
  return { ...opened, shown: await showUser(opened, id) };
});
