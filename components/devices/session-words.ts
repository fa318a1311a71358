import { deviceLabel } from "@/lib/contract/device-label.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";

/** What a session is called: as its owner named it, else an application's name, else what it runs on. */
export function nameOfSession(session: PublicSession): string {
  return session.name ?? session.application?.name ?? deviceLabel(session);
}

/** Where a session was last used, as far as that is known: "Berlin, Germany, 203.0.113.7". */
export function placeOf({ location, ip }: PublicSession): string {
  return [location, ip].filter(Boolean).join(", ");
}

/** The names of sessions, each once: "Admin, Desk and My shop". */
export function namesOfSessions(sessions: readonly PublicSession[]): string {
  const names = [...new Set(sessions.map(nameOfSession))];
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(names);
}
