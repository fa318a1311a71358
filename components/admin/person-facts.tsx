import { type Fact, Facts } from "@/components/ui/facts.tsx";
import { Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { PublicTwoFactor } from "@/lib/contract/account.ts";
import type { ShownPerson } from "@/lib/contract/admin.ts";
import { accessOf } from "./people-table.tsx";

function secondStepOf({ email, totp, passkeys, recovery_codes_left: left }: PublicTwoFactor): string {
  if (!totp && passkeys === 0) return email ? "A code by e-mail" : "Off";
  const keys = passkeys === 1 ? "1 passkey" : `${passkeys} passkeys`;
  const strong = [passkeys > 0 && keys, totp && "an authenticator app"].filter(Boolean).join(", ");
  return `${strong}; ${left} recovery codes left`;
}

/** What an admin sees of a person. */
export function PersonFacts({ person, now }: { person: ShownPerson; now: Date }) {
  const { outstanding, blacklisted, expired } = person.sessions;
  const facts: Fact[] = [
    ["Address", person.email],
    ["Access", accessOf(person)],
    ["Role", person.role === "admin" ? "Administrator" : "User"],
    ["Two-step log-in", secondStepOf(person.two_factor)],
    ["Joined", <Moment key="joined" at={instant(person.created_at)} now={now} />],
    [
      "Last log-in",
      person.last_login_at ? <Moment key="last" at={instant(person.last_login_at)} now={now} /> : "never",
    ],
    ["Sessions", `${outstanding} outstanding, ${blacklisted} blacklisted, ${expired} expired`],
  ];
  return <Facts facts={facts} />;
}
