import { AdminPage } from "@/components/admin/admin-page.tsx";
import { ChoiceFilter, FilterForm, TextFilter } from "@/components/admin/filter-form.tsx";
import { InviteForm } from "@/components/admin/invite-form.tsx";
import { PeopleTable } from "@/components/admin/people-table.tsx";
import { Problem } from "@/components/admin/problem.tsx";
import { Pager } from "@/components/pager.tsx";
import { listPeople } from "@/lib/auth/admin/list-people.ts";
import { showAccount } from "@/lib/auth/show-account.ts";
import { filterFaults } from "@/lib/contract/admin.ts";
import { UserListFilter } from "@/lib/contract/admin-filters.ts";
import { requirePageAdmin } from "@/lib/http/page-principal.ts";
import { type PageProps, readPageQuery } from "@/lib/http/page-query.ts";
import { titleForAdmins } from "@/lib/http/page-title.ts";

export const generateMetadata = titleForAdmins("People");

const PATH = "/admin/users";

export default async function PeoplePage({ searchParams }: PageProps) {
  const query = await readPageQuery(searchParams);
  const { app, principal, now } = await requirePageAdmin(PATH, query);
  const asked = { query, faults: filterFaults(query, UserListFilter) };
  const listed = await listPeople(app, principal, query);
  return (
    <AdminPage title="People" user={showAccount(principal)} at={PATH}>
      <FilterForm path={PATH} filtered={query.size > 0}>
        <TextFilter name="search" type="search" label="Address or name begins with" asked={asked} />
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
