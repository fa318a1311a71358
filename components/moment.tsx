import { format, formatDistance } from "date-fns";

/** An instant as people say it, in full on hover. */
export function Moment({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={`${format(at, "d MMMM yyyy, HH:mm:ss")} UTC`}>
      {formatDistance(at, now, { addSuffix: true })}
    </time>
  );
}
