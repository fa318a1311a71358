"use client";

import Link from "next/link";
import { useState } from "react";
import { Done } from "@/components/ui/done.tsx";
import { AdminAct } from "./admin-act.tsx";

type Props = {
  /** Whose sessions, in the words of the API; absent where the list is not narrowed to somebody. */
  filter: Record<string, string> | undefined;
  /** How many of them are live now. */
  count: number;
};

/**
 * Ends all that the list shows and more of the same: the list is the preview, and the number is confirmed. Then it says
 * how many ended; a list that is asked anew needs a new one of these.
 */
export function EndMatching({ filter, count }: Props) {
  const [revoked, setRevoked] = useState<number | null>(null);
  if (revoked !== null) {
    return (
      <p>
        <Done>{`${sessions(revoked)} ${revoked === 1 ? "was" : "were"} logged out.`}</Done>
      </p>
    );
  }
  if (!filter) {
    return (
      <p className="text-small text-quiet">
        Filter by person, address or application to log out all that match, or{" "}
        <Link href="/admin/sessions/everyone" prefetch={false} className="underline underline-offset-4">
          log everybody out
        </Link>
        .
      </p>
    );
  }
  if (count === 0) return <p className="text-small text-quiet">None of the matching sessions is live.</p>;
  const number = sessions(count);
  return (
    <AdminAct
      label={`Log out ${number}`}
      look="danger"
      title={`Log out all that match: ${number}?`}
      text="All of them, also those on other pages of this list, end at once. If the number has changed by now, nothing happens."
      method="POST"
      path="/api/admin/sessions/revoke"
      body={{ filter, count }}
      reasonRequired
      onDone={(body) => setRevoked((body as { revoked: number }).revoked)}
    />
  );
}

function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}
