import { formatDistance } from "date-fns";

/** In UTC whatever the server's own zone is: it does not know the reader's. */
const inFull = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" });

/** An instant as people say it, in full on hover. */
export function Moment({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={`${inFull.format(at)} UTC`}>
      {formatDistance(at, now, { addSuffix: true })}
    </time>
  );
}
