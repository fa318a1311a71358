import { AdminPage } from "@/components/admin/admin-page.tsx";
import { EndMatching } from "@/components/admin/end-matching.tsx";
import { FilterForm } from "@/components/admin/filter-form.tsx";
import { TextFilter } from "@/components/admin/filters.tsx";
import { Problem } from "@/components/admin/problem.tsx";
import { ApplicationFilter, ReasonFilter, StateFilter } from "@/components/admin/session-filters.tsx";
import { SessionTable } from "@/components/admin/session-table.tsx";
import { Pager } from "@/components/ui/pager.tsx";
import { listAllSessions } from "@/lib/auth/admin/list-all-sessions.ts";
import { listApplications } from "@/lib/auth/admin/list-applications.ts";
import { countSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { SessionListFilter } from "@/lib/contract/admin-filters.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { type PageProps, readPageQuery } from "@/lib/http/pages/page-query.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";
import { filterFaults, readRevocationFilter, withListQuery } from "@/lib/http/request/list-query.ts";

export const generateMetadata = titleForAdmins("Sessions");

const PATH = "/admin/sessions";

export default async function SessionsPage({ searchParams }: PageProps) {
  const query = await readPageQuery(searchParams);
  const call = await requirePageAdmin(PATH, query);
  const { principal, now } = call;
  const asked = { query, faults: filterFaults(query, SessionListFilter) };
  const listed = await withListQuery(query, SessionListFilter, (list) => listAllSessions(call, list));
  const ending = readRevocationFilter(query);
  const counted = ending && (await countSessionsMatching(call, ending.filter));
  const applications = await listApplications(call);
  return (
    <AdminPage title="Sessions" user={showAccount(principal)} at={PATH}>
      <FilterForm path={PATH} filtered={query.size > 0}>
        <TextFilter name="user" label="Person (address or id)" asked={asked} />
        <TextFilter name="ip" label="IP address or network" asked={asked} />
        <StateFilter asked={asked} />
        <ReasonFilter asked={asked} />
        <ApplicationFilter
          asked={asked}
          applications={applications.kind === "listed" ? applications.page.results : []}
        />
      </FilterForm>
      {listed.kind === "failure" ? (
        <Problem detail={listed.detail} faults={asked.faults} />
      ) : (
        <>
          <EndMatching
            key={query.toString()}
            filter={ending?.wire}
            count={counted?.kind === "counted" ? counted.count : 0}
          />
          <SessionTable sessions={listed.page.results} now={now} empty={emptyOf(listed.page.next)} />
          <Pager label="Pages of sessions" path={PATH} query={query} next={listed.page.next} />
        </>
      )}
    </AdminPage>
  );
}

/** A page looks at a bounded number of sessions, so it can be empty although older ones match. */
function emptyOf(next: string | null): string {
  return next ? "None of the sessions looked at match. Older ones may." : "No session matches.";
}
