import { formatDistance } from "date-fns";
import { Instant } from "./local-time.tsx";

export { Day, FullMoment } from "./local-time.tsx";

/** An instant as people say it, in full on hover. */
export function Moment({ at, now }: { at: Date; now: Date }) {
  return <Instant at={at}>{distance(at, now)}</Instant>;
}

/** How far an instant is from now, as people say it. */
export function distance(at: Date, now: Date): string {
  return formatDistance(at, now, { addSuffix: true });
}
