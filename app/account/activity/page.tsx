import type { Metadata } from "next";
import { AccountPage } from "@/components/account-page.tsx";
import { EventList } from "@/components/event-list.tsx";
import { Pager } from "@/components/pager.tsx";
import { listOwnEvents } from "@/lib/auth/list-own-events.ts";
import { nameEndedDevices } from "@/lib/auth/name-ended-devices.ts";
import { showAccount } from "@/lib/auth/show-account.ts";
import { requirePagePrincipal } from "@/lib/http/page-principal.ts";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({
  searchParams,
}: {
  searchParams: Promise<{ cursor?: string | string[] }>;
}) {
  const { app, principal, now } = await requirePagePrincipal("/account/activity");
  const cursors = [(await searchParams).cursor ?? []].flat();
  const query = new URLSearchParams(cursors.map((cursor) => ["cursor", cursor]));
  const listed = await listOwnEvents(app, principal, query);
  const { results, next } = listed.kind === "listed" ? listed.page : { results: [], next: null };
  const devices = await nameEndedDevices(app, principal, results);
  return (
    <AccountPage title="Activity" user={showAccount(principal)} at="/account/activity">
      <p className="text-quiet">
        What happened on your account. If something here wasn't you, log out everywhere and choose a new
        password.
      </p>
      {results.length > 0 ? (
        <EventList events={results} devices={devices} now={now} />
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
