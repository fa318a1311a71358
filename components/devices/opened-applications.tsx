import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { distance } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import type { SessionGroup } from "./session-groups.ts";
import { SessionTimes } from "./session-times.tsx";
import { nameOfSession, placeOf } from "./session-words.ts";

type Props = {
  /** A browser, and what was opened from it. */
  group: SessionGroup;
  longestSeconds: number;
  now: Date;
};

/** The applications that were opened from a browser, and the way to log each of them out alone. */
export function OpenedApplications({ group: { session: browser, opened }, longestSeconds, now }: Props) {
  const browserName = browser.current ? "this device" : nameOfSession(browser);
  return (
    <div className="border-t border-line pt-3 sm:ml-11">
      <p aria-hidden="true" className="text-small text-quiet">
        Opened from here
      </p>
      <ul aria-label={`Applications opened from ${browserName}`} className="divide-y divide-line">
        {opened.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 last:pb-0">
            <div className="min-w-0 flex-1 basis-48 space-y-1">
              <h3 className="font-medium break-words">{nameOfSession(session)}</h3>
              <SessionTimes
                session={session}
                longestSeconds={longestSeconds}
                from={elsewhere(session, browser)}
                now={now}
              />
            </div>
            <LogOutApplication session={session} browser={browser} now={now} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function LogOutApplication({
  session,
  browser,
  now,
}: {
  session: PublicSession;
  browser: PublicSession;
  now: Date;
}) {
  const name = nameOfSession(session);
  const active = `active ${distance(instant(session.last_seen_at), now)}`;
  const where = browser.current
    ? ["this device"]
    : [nameOfSession(browser), placeOf(browser)].filter(Boolean);
  const staying = browser.current ? "This device" : nameOfSession(browser);
  return (
    <ConfirmButton
      label="Log out"
      description={`Log out ${name} on ${[...where, active].join(", ")}`}
      title={`Log out ${name}?`}
      text={`It was ${active}. It will have to be opened again. ${staying} stays logged in.`}
      busy="Logging out …"
      method="DELETE"
      path={`/api/sessions/${session.id}`}
    />
  );
}

/** Where an application was last used, where that is not its browser's own place. */
function elsewhere(session: PublicSession, browser: PublicSession): string | undefined {
  const [own, its] = [session, browser].map((each) =>
    [deviceLabel(each), placeOf(each)].filter(Boolean).join(", "),
  );
  return own === its ? undefined : own;
}
