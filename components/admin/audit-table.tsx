import Link from "next/link";
import { instant } from "@/lib/clock.ts";
import type { AdminEvent } from "@/lib/contract/admin.ts";
import { Moment } from "../moment.tsx";
import { type Column, DataTable } from "./data-table.tsx";

/** The audit trail: who did what, to whom, when, from where and why. */
export function AuditTable({ events, now }: { events: AdminEvent[]; now: Date }) {
  const columns: Column<AdminEvent>[] = [
    {
      title: "When",
      show: ({ created_at: at }) => <Moment at={instant(at)} now={now} />,
      wideOnly: true,
    },
    {
      title: "What",
      show: ({ type, created_at: at }) => (
        <>
          <span className="font-medium break-words">{type}</span>
          <span className="block text-quiet lg:hidden">
            <Moment at={instant(at)} now={now} />
          </span>
        </>
      ),
    },
    { title: "About", show: ({ user }) => <Person person={user} /> },
    {
      title: "By",
      show: ({ actor }) => (actor ? <Person person={actor} /> : "themselves"),
      wideOnly: true,
    },
    { title: "From", show: fromOf, wideOnly: true },
    { title: "More", show: ({ data }) => <Facts data={data} />, wideOnly: true },
  ];
  return <DataTable label="Audit trail" columns={columns} rows={events} empty="Nothing on record matches." />;
}

function Person({ person }: { person: AdminEvent["user"] }) {
  if (!person) return "nobody in particular";
  return (
    <Link
      href={`/admin/users/${person.id}`}
      prefetch={false}
      className="break-all underline underline-offset-4"
    >
      {person.email ?? "somebody who is gone"}
    </Link>
  );
}

function fromOf({ browser, os, ip }: AdminEvent) {
  return (
    <>
      {[browser, os].filter(Boolean).join(" on ")}
      <span className="block text-quiet">{ip}</span>
    </>
  );
}

function Facts({ data }: { data: AdminEvent["data"] }) {
  return Object.entries(data).map(([name, value]) => (
    <span key={name} className="block break-words">
      <span className="text-quiet">{name}:</span> {String(value)}
    </span>
  ));
}
