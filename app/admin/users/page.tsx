import { AdminPage } from "@/components/admin/admin-page.tsx";
import { FilterForm } from "@/components/admin/filter-form.tsx";
import { ChoiceFilter, TextFilter } from "@/components/admin/filters.tsx";
import { InviteForm } from "@/components/admin/invite-form.tsx";
import { PeopleTable } from "@/components/admin/people-table.tsx";
import { Problem } from "@/components/admin/problem.tsx";
import { Pager } from "@/components/ui/pager.tsx";
import { listUsers } from "@/lib/auth/admin/list-users.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { UserListFilter } from "@/lib/contract/admin-filters.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { type PageProps, readPageQuery } from "@/lib/http/pages/page-query.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";
import { filterFaults, withListQuery } from "@/lib/http/request/list-query.ts";

export const generateMetadata = titleForAdmins("People");

const PATH = "/admin/users";

export default async function PeoplePage({ searchParams }: PageProps) {
  const query = await readPageQuery(searchParams);
  const call = await requirePageAdmin(PATH, query);
  const { principal, now } = call;
  const asked = { query, faults: filterFaults(query, UserListFilter) };
  const listed = await withListQuery(query, UserListFilter, (list) => listUsers(call, list));
  return (
    <AdminPage title="People" user={showAccount(principal)} at={PATH}>
      <FilterForm path={PATH} filtered={query.size > 0}>
        <TextFilter name="search" type="search" label="Part of an address or name" asked={asked} />
        <ChoiceFilter
          name="is_active"
          label="Access"
          asked={asked}
          choices={[
            ["true", "Active"],
            ["false", "Deactivated"],
          ]}
        />
        <ChoiceFilter
          name="role"
          label="Role"
          asked={asked}
          choices={[
            ["user", "User"],
            ["admin", "Administrator"],
          ]}
        />
      </FilterForm>
      {listed.kind === "failure" ? (
        <Problem detail={listed.detail} faults={asked.faults} />
      ) : (
        <>
          <PeopleTable people={listed.page.results} now={now} />
          <Pager label="Pages of people" path={PATH} query={query} next={listed.page.next} />
        </>
      )}
      <section className="space-y-4">
        <div className="space-y-1">
          <h2 className="text-lead font-semibold">Invite somebody</h2>
          <p className="text-small text-quiet">They choose their password by a link that we mail to them.</p>
        </div>
        <InviteForm />
      </section>
    </AdminPage>
  );
}
