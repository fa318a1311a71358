import { AdminPage } from "@/components/admin/admin-page.tsx";
import { AuditTable } from "@/components/admin/audit-table.tsx";
import { ExportEvents } from "@/components/admin/export-events.tsx";
import { FilterForm } from "@/components/admin/filter-form.tsx";
import { ChoiceFilter, TextFilter } from "@/components/admin/filters.tsx";
import { Problem } from "@/components/admin/problem.tsx";
import { Pager } from "@/components/ui/pager.tsx";
import { listEvents } from "@/lib/auth/admin/list-events.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { EventListFilter } from "@/lib/contract/admin-filters.ts";
import { auditEventTypes } from "@/lib/contract/audit-events.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { type PageProps, readPageQuery } from "@/lib/http/pages/page-query.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";
import { filterFaults, withListQuery } from "@/lib/http/request/list-query.ts";

export const generateMetadata = titleForAdmins("Audit trail");

const PATH = "/admin/events";
const TYPES = auditEventTypes.map((type) => [type, type] as const);

export default async function EventsPage({ searchParams }: PageProps) {
  const query = await readPageQuery(searchParams);
  const call = await requirePageAdmin(PATH, query);
  const { principal } = call;
  const asked = { query, faults: filterFaults(query, EventListFilter) };
  const listed = await withListQuery(query, EventListFilter, (list) => listEvents(call, list));
  return (
    <AdminPage title="Audit trail" user={showAccount(principal)} at={PATH}>
      <FilterForm path={PATH} filtered={query.size > 0}>
        <TextFilter name="user" label="About (address or id)" asked={asked} />
        <TextFilter name="actor" label="By (address or id)" asked={asked} />
        <ChoiceFilter name="type" label="What happened" asked={asked} choices={TYPES} />
        <TextFilter name="from" label="From" example="2026-11-01" asked={asked} />
        <TextFilter name="to" label="Before" example="2026-12-01" asked={asked} />
      </FilterForm>
      {listed.kind === "failure" ? (
        <Problem detail={listed.detail} faults={asked.faults} />
      ) : (
        <>
          <ExportEvents query={query.toString()} />
          <AuditTable events={listed.page.results} />
          <Pager label="Pages of the audit trail" path={PATH} query={query} next={listed.page.next} />
        </>
      )}
    </AdminPage>
  );
}
