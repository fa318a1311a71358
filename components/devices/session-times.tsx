import { Day, Moment } from "@/components/ui/moment.tsx";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import { wayInWords } from "@/lib/contract/way-in-words.ts";

/**
 * When a session was used, when and how it began, and when it ends.
 *
 * @param longestSeconds how long a session can last, whatever it is used for
 * @param from where it was last used, where that has to be said here
 */
export function SessionTimes({
  session,
  longestSeconds,
  from,
  now,
}: {
  session: PublicSession;
  longestSeconds: number;
  from?: string | undefined;
  now: Date;
}) {
  const { current, application } = session;
  const created = instant(session.created_at);
  const isLastEnd = instant(session.expires_at) >= secondsAfter(created, longestSeconds);
  return (
    <p className="text-small break-words text-quiet">
      Active {current ? "now" : <Moment at={instant(session.last_seen_at)} now={now} />}
      {from && ` from ${from}`} · {application ? "opened" : "logged in"} <Day at={created} now={now} />
      {application ? "" : ` with ${wayInWords(session.amr)}`} · ends{" "}
      <Moment at={instant(session.expires_at)} now={now} />
      {isLastEnd ? "" : " unless used"}
    </p>
  );
}
