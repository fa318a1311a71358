import { instant } from "@/lib/clock.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import { Moment } from "../moment.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { personOf } from "./session-table.tsx";
import { StateBadge } from "./state-badge.tsx";

/** The newest refresh token of each session, by its `jti`: the tutorial's outstanding and blacklisted tokens. */
export function TokenTable({ sessions, now }: { sessions: AdminSession[]; now: Date }) {
  const columns: Column<AdminSession>[] = [
    { title: "Person", show: personOf },
    { title: "State", show: ({ state }) => <StateBadge state={state} /> },
    { title: "Generation", show: ({ generation }) => generation, wideOnly: true },
    {
      title: "Issued",
      show: ({ issued_at: at }) => <Moment at={instant(at)} now={now} />,
      wideOnly: true,
    },
    {
      title: "Expires",
      show: ({ expires_at: at }) => <Moment at={instant(at)} now={now} />,
      wideOnly: true,
    },
    {
      title: "jti",
      show: ({ jti }) => <code className="font-mono break-all">{jti}</code>,
      wideOnly: true,
    },
  ];
  return <DataTable label="Tokens" columns={columns} rows={sessions} empty="No token matches." />;
}
