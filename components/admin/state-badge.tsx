import type { SessionState } from "@/lib/contract/admin.ts";

const LOOKS: Record<SessionState, string> = {
  outstanding: "border-accent text-accent",
  blacklisted: "border-danger text-danger",
  expired: "border-line text-quiet",
};

/** Whether a session's newest token still opens something, in the words of the tutorial. */
export function StateBadge({ state }: { state: SessionState }) {
  return (
    <span
      className={`inline-block rounded-full border px-2.5 py-0.5 text-small whitespace-nowrap ${LOOKS[state]}`}
    >
      {state}
    </span>
  );
}
