import Link from "next/link";
import { FullMoment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { AdminEvent } from "@/lib/contract/admin.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import { type Column, DataTable } from "./data-table.tsx";

const NOBODY = "—";

/** What people do without a session, by a link or a code from a mail, or as their account's last act. */
const WITHOUT_SESSION = new Set([
  "login.disowned",
  "user.registered",
  "user.deleted",
  "password.reset",
  "email.change_undone",
]);

/** Ends of sessions that their owner brings about; the session named is the one that ended. */
const OWN_ENDS = new Set<unknown>([
  "logged_out",
  "logged_out_everywhere",
  "revoked_by_owner",
  "password_changed",
]);

/** The audit trail: who did what, to whom, when, from where and why. */
export function AuditTable({ events }: { events: AdminEvent[] }) {
  const columns: Column<AdminEvent>[] = [
    { title: "When", show: ({ created_at: at }) => <FullMoment at={instant(at)} /> },
    { title: "What", show: ({ type }) => <span className="font-medium">{type}</span> },
    { title: "About", show: ({ user }) => <Person person={user} />, named: true, long: true },
    { title: "By", show: byOf, named: true, long: true },
    { title: "From", show: fromOf, named: true },
    { title: "More", show: ({ data }) => <Facts data={data} /> },
  ];
  return <DataTable label="Audit trail" columns={columns} rows={events} empty="Nothing on record matches." />;
}

function Person({ person }: { person: AdminEvent["user"] }) {
  if (!person) return "nobody in particular";
  return (
    <Link href={`/admin/users/${person.id}`} prefetch={false} className="underline underline-offset-4">
      {person.email ?? "somebody who is gone"}
    </Link>
  );
}

function byOf(event: AdminEvent) {
  if (event.actor) return <Person person={event.actor} />;
  return isTheirs(event) ? "themselves" : NOBODY;
}

/** What says of itself that it may have been somebody else. */
const DOUBTFUL = new Set(["refresh_token.reused", "password.wrong"]);

/** Whether the person it is about did it: in a session of theirs, or in one of the ways that need none. */
function isTheirs({ type, user, session_id: sessionId, data }: AdminEvent): boolean {
  if (!user || DOUBTFUL.has(type)) return false;
  if (type === "session.revoked") return OWN_ENDS.has(data.reason);
  return sessionId !== null || WITHOUT_SESSION.has(type);
}

function fromOf({ browser, os, ip }: AdminEvent) {
  if (!browser && !os && !ip) return NOBODY;
  const program = deviceLabel({ browser, os }, "");
  return (
    <>
      {program}
      <span className={`text-quiet ${program && "block"}`}>{ip}</span>
    </>
  );
}

function Facts({ data }: { data: AdminEvent["data"] }) {
  return Object.entries(data).map(([name, value]) => (
    <span key={name} className="block wrap-anywhere lg:min-w-24">
      <span className="text-quiet">{name}:</span> {String(value)}
    </span>
  ));
}
