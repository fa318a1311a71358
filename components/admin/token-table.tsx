import { FullMoment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import { type Column, DataTable } from "./data-table.tsx";
import { personOf } from "./session-table.tsx";
import { StateBadge } from "./state-badge.tsx";

/** The newest refresh token of each session, by its `jti`: the tutorial's outstanding and blacklisted tokens. */
export function TokenTable({ sessions }: { sessions: AdminSession[] }) {
  const columns: Column<AdminSession>[] = [
    { title: "Person", show: personOf, long: true },
    { title: "State", show: ({ state }) => <StateBadge state={state} /> },
    { title: "Generation", show: ({ generation }) => generation, named: true },
    {
      title: "Issued",
      show: ({ issued_at: at }) => <FullMoment at={instant(at)} />,
      named: true,
    },
    {
      title: "Expires",
      show: ({ expires_at: at }) => <FullMoment at={instant(at)} />,
      named: true,
    },
    {
      title: "jti",
      show: ({ jti }) => (
        <code className="font-mono break-all lg:block lg:min-w-52 lg:text-[0.75rem]">{jti}</code>
      ),
      named: true,
    },
  ];
  return <DataTable label="Tokens" columns={columns} rows={sessions} empty="No token matches." />;
}
