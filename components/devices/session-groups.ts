import type { PublicSession } from "@/lib/contract/sessions.ts";

/** What one card shows: a session, and those that applications opened from it. */
export type SessionGroup = { session: PublicSession; opened: PublicSession[] };

/**
 * The sessions as a person sees them, in their order: an application's below the browser that it was opened from, or on a
 * card of its own where that browser is not listed. The one that shows the page is never below another.
 */
export function groupSessions(sessions: readonly PublicSession[]): SessionGroup[] {
  const browsers = new Set(sessions.filter(({ application }) => application === null).map(({ id }) => id));
  const isBelow = ({ current, application, opened_by: from }: PublicSession) =>
    !current && application !== null && from !== null && browsers.has(from);
  return sessions
    .filter((session) => !isBelow(session))
    .map((session) => ({
      session,
      opened: sessions.filter((each) => isBelow(each) && each.opened_by === session.id),
    }));
}

/** How many devices are logged in, and how many applications, wherever they stand. */
export function countSessions(groups: readonly SessionGroup[]): { devices: number; applications: number } {
  const all = groups.flatMap(({ session, opened }) => [session, ...opened]);
  const applications = all.filter(({ application }) => application !== null).length;
  return { devices: all.length - applications, applications };
}
