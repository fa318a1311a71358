import { type Fact, Facts } from "@/components/ui/facts.tsx";
import { FullMoment, Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import { Addresses, kindOf } from "./applications-table.tsx";

type Props = { application: PublicApplication; issuer: string; sessions: number; now: Date };

/** What an admin sees of an application: what its client is configured with, and what is known of it. */
export function ApplicationFacts({ application, issuer, sessions, now }: Props) {
  const { redirect_addresses: redirects, logged_out_addresses: loggedOut } = application;
  const { previous_secret_until: until, created_at: at } = application;
  const { backchannel_address: backchannel, webhook_address: webhook } = application;
  const { previous_webhook_secret_until: signs } = application;
  const facts: Fact[] = [
    ["Issuer", <Code key="issuer">{issuer}</Code>],
    ["client_id", <Code key="id">{application.client_id}</Code>],
    [
      "Kind",
      `${kindOf(application)}: it ${application.confidential ? "keeps a secret" : "can keep no secret"}`,
    ],
    ...(until === null ? [] : [["Secret before", untilWords(until)] as const]),
    ["Log-ins end at", <Addresses key="redirects" all={redirects} />],
    ["Log-outs end at", loggedOut.length > 0 ? <Addresses key="out" all={loggedOut} /> : "our own page only"],
    ...(backchannel === null ? [] : [["Told of log-outs at", <Code key="out">{backchannel}</Code>] as const]),
    ...(webhook === null ? [] : [["Webhook", <Code key="webhook">{webhook}</Code>] as const]),
    ...(signs === null ? [] : [["Webhook's secret before", untilWords(signs)] as const]),
    ["Added", <Moment key="added" at={instant(at)} now={now} />],
    ["Sessions", `${sessions} outstanding`],
  ];
  return <Facts facts={facts} />;
}

function Code({ children }: { children: string }) {
  return <code className="font-mono break-all">{children}</code>;
}

function untilWords(until: string) {
  return (
    <>
      works until <FullMoment at={instant(until)} />
    </>
  );
}
