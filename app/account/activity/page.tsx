import type { Metadata } from "next";
import { EventList } from "@/components/account/event-list.tsx";
import { AccountPage } from "@/components/frames/account-page.tsx";
import { Pager } from "@/components/ui/pager.tsx";
import { listOwnEvents } from "@/lib/auth/activity/list-own-events.ts";
import { nameEndedDevices } from "@/lib/auth/activity/name-ended-devices.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePagePrincipal } from "@/lib/http/pages/page-principal.ts";
import { NoFilter, withListQuery } from "@/lib/http/request/list-query.ts";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({
  searchParams,
}: {
  searchParams: Promise<{ cursor?: string | string[] }>;
}) {
  const call = await requirePagePrincipal("/account/activity");
  const { principal, now } = call;
  const cursors = [(await searchParams).cursor ?? []].flat();
  const query = new URLSearchParams(cursors.map((cursor) => ["cursor", cursor]));
  const listed = await withListQuery(query, NoFilter, (asked) => listOwnEvents(call, asked));
  const { results, next } = listed.kind === "listed" ? listed.page : { results: [], next: null };
  const ended = await nameEndedDevices(call, results);
  return (
    <AccountPage title="Activity" user={showAccount(principal)} at="/account/activity">
      <p className="text-quiet">
        What happened on your account. If something here wasn't you, log out everywhere and choose a new
        password.
      </p>
      {results.length > 0 ? (
        <EventList events={results} ended={ended} now={now} />
      ) : (
        <p className="rounded-xl border border-dashed border-line p-5 text-quiet">
          {listed.kind === "failure"
            ? "This part of your activity can't be shown: its address is not complete."
            : "Nothing older has happened."}
        </p>
      )}
      <Pager label="Pages of your activity" path="/account/activity" query={query} next={next} />
    </AccountPage>
  );
}
