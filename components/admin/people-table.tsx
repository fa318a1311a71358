import Link from "next/link";
import { Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { AdminUser } from "@/lib/contract/admin.ts";
import { type Column, DataTable } from "./data-table.tsx";

const ROLES = { user: "User", admin: "Administrator" };

/** The people with an account, each a way to their page. */
export function PeopleTable({ people, now }: { people: AdminUser[]; now: Date }) {
  const columns: Column<AdminUser>[] = [
    {
      title: "Person",
      show: (person) => (
        <>
          <Link
            href={`/admin/users/${person.id}`}
            prefetch={false}
            className="font-medium underline underline-offset-4"
          >
            {person.email}
          </Link>
          {person.name && <span className="block text-quiet">{person.name}</span>}
        </>
      ),
      long: true,
    },
    { title: "Access", show: accessOf, named: true },
    { title: "Role", show: ({ role }) => ROLES[role], named: true },
    {
      title: "Joined",
      show: ({ created_at: at }) => <Moment at={instant(at)} now={now} />,
      named: true,
    },
    {
      title: "Last log-in",
      show: ({ last_login_at: at }) => (at ? <Moment at={instant(at)} now={now} /> : "never"),
      named: true,
    },
  ];
  return <DataTable label="People" columns={columns} rows={people} empty="Nobody matches." />;
}

/** Whether a person can log in, and if not, why. */
export function accessOf({ is_active: active, email_verified_at: verified }: AdminUser): string {
  if (!active) return "Deactivated";
  return verified ? "Active" : "Invited";
}
