import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { Day, distance, Moment } from "@/components/ui/moment.tsx";
import { Rename } from "@/components/ui/rename.tsx";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import { wayInWords } from "@/lib/contract/way-in-words.ts";
import { DeviceIcon } from "./device-icon.tsx";
import { ThisDevice } from "./this-device.tsx";

/**
 * One device of a person: what it is, when it was used, and the way to log it out.
 *
 * @param longestSeconds how long a session can last, whatever it is used for
 */
export function SessionCard({
  session,
  longestSeconds,
  now,
}: {
  session: PublicSession;
  longestSeconds: number;
  now: Date;
}) {
  const kind = deviceLabel(session);
  const name = session.name ?? kind;
  const active = distance(instant(session.last_seen_at), now);
  const place = [session.location, session.ip].filter(Boolean).join(", ");
  const isLastEnd = instant(session.expires_at) >= secondsAfter(instant(session.created_at), longestSeconds);
  const ways = wayInWords(session.amr);
  return (
    <li className="flex flex-wrap items-start gap-4 rounded-xl border border-line bg-surface p-5">
      <DeviceIcon device={session.device} />
      <div className="min-w-0 flex-1 basis-48 space-y-1">
        <h2 className="font-semibold break-words">
          {name}
          {session.current && <ThisDevice />}
        </h2>
        <p className="text-small break-words text-quiet">
          {[session.name && kind, session.location, session.ip].filter(Boolean).join(" · ")}
        </p>
        <p className="text-small text-quiet">
          Active {session.current ? "now" : <Moment at={instant(session.last_seen_at)} now={now} />} · logged
          in <Day at={instant(session.created_at)} now={now} /> with {ways} · ends{" "}
          <Moment at={instant(session.expires_at)} now={now} />
          {isLastEnd ? "" : " unless used"}
        </p>
        <Rename
          path={`/api/sessions/${session.id}`}
          name={session.name ?? ""}
          kind={kind}
          label={session.current ? "Name of this device" : `Name of ${name}`}
        />
      </div>
      {session.current ? (
        <ConfirmButton
          label="Log out"
          description={`Log out this device, ${name}`}
          title="Log out this device?"
          text="It will have to log in again. This can't be undone."
          busy="Logging out …"
          method="POST"
          path="/api/logout"
          leaveTo="/login"
        />
      ) : (
        <ConfirmButton
          label="Log out"
          description={`Log out ${[name, place, `active ${active}`].filter(Boolean).join(", ")}`}
          title={`Log out ${name}?`}
          text={`It was active ${active}${place && ` from ${place}`}. It will have to log in again. This can't be undone.`}
          busy="Logging out …"
          method="DELETE"
          path={`/api/sessions/${session.id}`}
        />
      )}
    </li>
  );
}
