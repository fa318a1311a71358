import Link from "next/link";
import { Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import { endWords } from "@/lib/contract/end-words.ts";
import { AdminAct } from "./admin-act.tsx";
import { type Column, DataTable } from "./data-table.tsx";
import { StateBadge } from "./state-badge.tsx";

type Props = { sessions: AdminSession[]; now: Date; empty: string };

/** Sessions of anybody, ended ones with their reason; a live one can be logged out. */
export function SessionTable({ sessions, now, empty }: Props) {
  const columns: Column<AdminSession>[] = [
    { title: "Person", show: personOf, long: true },
    { title: "Device", show: deviceOf, long: true },
    { title: "State", show: (session) => stateOf(session, now) },
    {
      title: "Logged in",
      show: ({ created_at: at }) => <Moment at={instant(at)} now={now} />,
      named: true,
    },
    {
      title: "Active",
      show: ({ last_seen_at: at }) => <Moment at={instant(at)} now={now} />,
      named: true,
    },
    { title: "Act", show: actOn, whole: true },
  ];
  return <DataTable label="Sessions" columns={columns} rows={sessions} empty={empty} />;
}

/** The person, and the way to their page. */
export function personOf({ user }: AdminSession) {
  return (
    <Link href={`/admin/users/${user.id}`} prefetch={false} className="underline underline-offset-4">
      {user.email}
    </Link>
  );
}

function deviceOf(session: AdminSession) {
  const place = [session.location, session.ip].filter(Boolean).join(" · ");
  return (
    <>
      {programOf(session)}
      <span className="block text-quiet">{place}</span>
    </>
  );
}

/** The browser or program, and the application that was opened from it: "Chrome on macOS · My shop". */
function programOf(session: AdminSession): string {
  return [deviceLabel(session), session.application?.name].filter(Boolean).join(" · ");
}

function stateOf({ state, reason, revoked_at: at }: AdminSession, now: Date) {
  return (
    <>
      <StateBadge state={state} />
      {reason && (
        <span className="mt-1 block text-quiet">
          {endWords(reason)}
          {at && (
            <>
              {" "}
              <Moment at={instant(at)} now={now} />
            </>
          )}
        </span>
      )}
    </>
  );
}

function actOn(session: AdminSession) {
  if (session.state !== "outstanding") return null;
  const { user, application } = session;
  return (
    <AdminAct
      label="Log out"
      description={`Log out ${user.email} on ${programOf(session)}`}
      title={
        application
          ? `Log ${user.email} out of ${application.name}?`
          : `Log ${user.email} out on this device?`
      }
      text={
        application
          ? "It opens again without a password while the browser is logged in that it was opened from."
          : `${deviceLabel(session)} has to log in again, and applications that were opened from it.`
      }
      method="DELETE"
      path={`/api/admin/sessions/${session.id}`}
    />
  );
}
