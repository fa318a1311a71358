import { Moment } from "@/components/ui/moment.tsx";
import { instant } from "@/lib/base/clock.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import type { PublicDelivery } from "@/lib/contract/deliveries.ts";
import { AdminAct } from "./admin-act.tsx";
import { type Column, DataTable } from "./data-table.tsx";

type Props = { application: PublicApplication; deliveries: PublicDelivery[]; now: Date };

/** What an application was not told yet or not at all, and a button that tells it; nothing where it is told nothing. */
export function ApplicationDeliveries({ application, deliveries, now }: Props) {
  const { name, client_id: id, backchannel_address: backchannel, webhook_address: webhook } = application;
  if (backchannel === null && webhook === null) return null;
  const columns: Column<PublicDelivery>[] = [
    { title: "What", show: ({ type }) => <code className="font-mono">{type}</code> },
    { title: "Since", show: ({ created_at: at }) => <Moment at={instant(at)} now={now} />, named: true },
    { title: "Tries", show: ({ attempts }) => attempts, named: true },
    { title: "Latest answer", show: ({ last_answer: answer }) => answer ?? "not tried yet", long: true },
    {
      title: "Next try",
      show: ({ next_attempt_at: next }) => (next ? <Moment at={instant(next)} now={now} /> : "given up"),
      named: true,
    },
  ];
  const failed = deliveries.some(({ last_answer: answer }) => answer !== null);
  return (
    <section aria-labelledby="deliveries" className="space-y-4">
      <h2 id="deliveries" className="text-lead font-semibold">
        Not told yet
      </h2>
      <DataTable
        label="Messages"
        columns={columns}
        rows={deliveries}
        empty={`${name} has been told everything.`}
      />
      {failed && (
        <AdminAct
          label="Send again"
          title={`Send everything to ${name} again that failed?`}
          text="What was given up is sent too. It comes to the same addresses, under the same ids."
          method="POST"
          path={`/api/admin/applications/${id}/deliveries`}
        />
      )}
    </section>
  );
}
