import Link from "next/link";
import { Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import { type Column, DataTable } from "./data-table.tsx";

type Row = PublicApplication & { id: string };

/** The products that people log in to, each a way to its page. */
export function ApplicationsTable({ applications, now }: { applications: PublicApplication[]; now: Date }) {
  const columns: Column<Row>[] = [
    { title: "Application", show: nameOf },
    { title: "Kind", show: kindOf, named: true },
    { title: "Log-ins end at", show: ({ redirect_addresses: all }) => <Addresses all={all} />, named: true },
    { title: "Added", show: ({ created_at: at }) => <Moment at={instant(at)} now={now} />, named: true },
  ];
  const rows = applications.map((application) => ({ ...application, id: application.client_id }));
  return (
    <DataTable
      label="Applications"
      columns={columns}
      rows={rows}
      empty="There is none yet. Add the first, and its people log in through these pages."
    />
  );
}

/** Whether it can keep a secret, in OAuth's words. */
export function kindOf({ confidential }: PublicApplication): string {
  return confidential ? "Confidential" : "Public";
}

/** Addresses, one a line. */
export function Addresses({ all }: { all: string[] }) {
  return all.map((address) => (
    <span key={address} className="block break-all">
      {address}
    </span>
  ));
}

function nameOf({ id, name }: Row) {
  return (
    <>
      <Link
        href={`/admin/applications/${id}`}
        prefetch={false}
        className="font-medium wrap-anywhere underline underline-offset-4"
      >
        {name}
      </Link>
      <code className="block font-mono break-all text-quiet lg:min-w-66 lg:text-[0.75rem]">{id}</code>
    </>
  );
}
