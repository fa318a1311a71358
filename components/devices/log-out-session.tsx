import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { distance } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import type { SessionGroup } from "./session-groups.ts";
import { nameOfSession, namesOfSessions, placeOf } from "./session-words.ts";

/** The way to log out what one card is about, which says what else goes with it. */
export function LogOutSession({ group: { session, opened }, now }: { group: SessionGroup; now: Date }) {
  const name = nameOfSession(session);
  const goesToo =
    opened.length > 0 ? ` What was opened from it is logged out too: ${namesOfSessions(opened)}.` : "";
  const afterwards = `It will have to ${session.application ? "be opened" : "log in"} again.`;
  if (session.current) {
    return (
      <ConfirmButton
        label="Log out"
        description={`Log out this device, ${name}`}
        title="Log out this device?"
        text={`${afterwards}${goesToo} This can't be undone.`}
        busy="Logging out …"
        method="POST"
        path="/api/logout"
        leaveTo="/login"
      />
    );
  }
  const active = `active ${distance(instant(session.last_seen_at), now)}`;
  const place = placeOf(session);
  const what = session.application ? `${name} on ${deviceLabel(session)}` : name;
  return (
    <ConfirmButton
      label="Log out"
      description={`Log out ${[what, place, active].filter(Boolean).join(", ")}`}
      title={`Log out ${name}?`}
      text={`It was ${active}${place && ` from ${place}`}. ${afterwards}${goesToo} This can't be undone.`}
      busy="Logging out …"
      method="DELETE"
      path={`/api/sessions/${session.id}`}
    />
  );
}
