import type { ReactNode } from "react";
import { instant } from "@/lib/clock.ts";
import type { ShownPerson } from "@/lib/contract/admin.ts";
import { Moment } from "../moment.tsx";
import { accessOf } from "./people-table.tsx";

/** What an admin sees of a person. */
export function PersonFacts({ person, now }: { person: ShownPerson; now: Date }) {
  const { outstanding, blacklisted, expired } = person.sessions;
  const facts: [string, ReactNode][] = [
    ["Address", person.email],
    ["Access", accessOf(person)],
    ["Role", person.role === "admin" ? "Administrator" : "User"],
    ["Two-step log-in", person.two_factor.email ? "A code by e-mail" : "Off"],
    ["Joined", <Moment key="joined" at={instant(person.created_at)} now={now} />],
    [
      "Last log-in",
      person.last_login_at ? <Moment key="last" at={instant(person.last_login_at)} now={now} /> : "never",
    ],
    ["Sessions", `${outstanding} outstanding, ${blacklisted} blacklisted, ${expired} expired`],
  ];
  return (
    <dl className="grid gap-x-8 gap-y-1 sm:grid-cols-[10rem_1fr]">
      {facts.map(([name, value]) => (
        <div key={name} className="max-sm:pb-2 sm:contents">
          <dt className="text-quiet">{name}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
