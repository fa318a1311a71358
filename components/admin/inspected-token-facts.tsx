import Link from "next/link";
import type { ReactNode } from "react";
import { FullMoment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { InspectedToken } from "@/lib/contract/admin.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import { endWords } from "@/lib/contract/end-words.ts";
import { StateBadge } from "./state-badge.tsx";

/** What is known of one token. */
export function InspectedTokenFacts({ token }: { token: InspectedToken }) {
  const { session } = token;
  const device = deviceLabel(session, "an unknown program");
  const facts: [string, ReactNode][] = [
    ["Kind", `${token.kind} token`],
    ["Generation", token.generation === null ? "unknown" : `${token.generation} of ${session.generation}`],
    ...whyDead(token),
    ["Device", device],
    ["jti", token.jti],
    ["Session", token.session_id],
  ];
  return (
    <div className="max-w-2xl space-y-3 rounded-xl border border-line bg-surface p-5">
      <p className="flex flex-wrap items-center gap-3">
        <StateBadge state={token.state} />
        <Link
          href={`/admin/users/${token.user.id}`}
          prefetch={false}
          className="wrap-anywhere underline underline-offset-4"
        >
          {token.user.email}
        </Link>
      </p>
      <dl className="grid gap-x-6 gap-y-1 text-small sm:grid-cols-[8rem_1fr]">
        {facts.map(([name, value]) => (
          <div key={name} className="max-sm:pb-2 sm:contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Nothing of a token that is good. */
function whyDead({ reason, since }: InspectedToken): [string, ReactNode][] {
  if (reason === null) return [];
  return [
    ["Why", endWords(reason)],
    ["Since", since ? <FullMoment key="since" at={instant(since)} /> : "not known"],
  ];
}
