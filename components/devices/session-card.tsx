import { Rename } from "@/components/ui/rename.tsx";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import { DeviceIcon } from "./device-icon.tsx";
import { LogOutSession } from "./log-out-session.tsx";
import { OpenedApplications } from "./opened-applications.tsx";
import type { SessionGroup } from "./session-groups.ts";
import { SessionTimes } from "./session-times.tsx";
import { nameOfSession } from "./session-words.ts";
import { ThisDevice } from "./this-device.tsx";

type Props = {
  group: SessionGroup;
  /** How long a session can last, whatever it is used for. */
  longestSeconds: number;
  now: Date;
};

/**
 * One device of a person: what it is, when it was used, and the way to log it out; below it the applications that were
 * opened from it. Of an application whose browser is not listed, the same.
 */
export function SessionCard({ group, longestSeconds, now }: Props) {
  const { session, opened } = group;
  const { application, location, ip } = session;
  const kind = deviceLabel(session);
  const name = nameOfSession(session);
  const facts = [session.name && application?.name, name !== kind && kind, location, ip].filter(Boolean);
  return (
    <li className="space-y-4 rounded-xl border border-line bg-surface p-5">
      <div className="flex flex-wrap items-start gap-4">
        <DeviceIcon device={session.device} />
        <div className="min-w-0 flex-1 basis-48 space-y-1">
          <h2 className="font-semibold break-words">
            {name}
            {session.current && <ThisDevice />}
          </h2>
          <p className="text-small break-words text-quiet">{facts.join(" · ")}</p>
          <SessionTimes session={session} longestSeconds={longestSeconds} now={now} />
          {!application && (
            <Rename
              path={`/api/sessions/${session.id}`}
              name={session.name ?? ""}
              kind={kind}
              label={session.current ? "Name of this device" : `Name of ${name}`}
            />
          )}
        </div>
        <LogOutSession group={group} now={now} />
      </div>
      {opened.length > 0 && <OpenedApplications group={group} longestSeconds={longestSeconds} now={now} />}
    </li>
  );
}
