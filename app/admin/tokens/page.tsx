import { AdminPage } from "@/components/admin/admin-page.tsx";
import { FilterForm } from "@/components/admin/filter-form.tsx";
import { TextFilter } from "@/components/admin/filters.tsx";
import { InspectForm } from "@/components/admin/inspect-form.tsx";
import { Problem } from "@/components/admin/problem.tsx";
import { StateFilter } from "@/components/admin/session-filters.tsx";
import { TokenTable } from "@/components/admin/token-table.tsx";
import { Pager } from "@/components/ui/pager.tsx";
import { listAllSessions } from "@/lib/auth/admin/list-all-sessions.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { SessionListFilter } from "@/lib/contract/admin-filters.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { type PageProps, readPageQuery } from "@/lib/http/pages/page-query.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";
import { filterFaults, withListQuery } from "@/lib/http/request/list-query.ts";

export const generateMetadata = titleForAdmins("Tokens");

const PATH = "/admin/tokens";

export default async function TokensPage({ searchParams }: PageProps) {
  const query = await readPageQuery(searchParams);
  const call = await requirePageAdmin(PATH, query);
  const { principal } = call;
  const asked = { query, faults: filterFaults(query, SessionListFilter) };
  const listed = await withListQuery(query, SessionListFilter, (list) => listAllSessions(call, list));
  return (
    <AdminPage title="Tokens" user={showAccount(principal)} at={PATH}>
      <section className="space-y-4">
        <h2 className="text-lead font-semibold">Look one up</h2>
        <InspectForm />
      </section>
      <section className="space-y-6">
        <div className="space-y-1">
          <h2 className="text-lead font-semibold">The newest refresh token of each session</h2>
          <p className="text-small text-quiet">Every older one is blacklisted. No token is stored.</p>
        </div>
        <FilterForm path={PATH} filtered={query.size > 0}>
          <TextFilter name="user" label="Person (address or id)" asked={asked} />
          <StateFilter asked={asked} />
        </FilterForm>
        {listed.kind === "failure" ? (
          <Problem detail={listed.detail} faults={asked.faults} />
        ) : (
          <>
            <TokenTable sessions={listed.page.results} />
            <Pager label="Pages of tokens" path={PATH} query={query} next={listed.page.next} />
          </>
        )}
      </section>
    </AdminPage>
  );
}
