import { AdminAct } from "@/components/admin/admin-act.tsx";
import { AdminPage } from "@/components/admin/admin-page.tsx";
import { countSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { requirePageAdmin } from "@/lib/http/pages/page-principal.ts";
import { titleForAdmins } from "@/lib/http/pages/page-title.ts";

export const generateMetadata = titleForAdmins("Log everybody out");

export default async function EveryonePage() {
  const call = await requirePageAdmin("/admin/sessions/everyone");
  const { principal } = call;
  const counted = await countSessionsMatching(call, { everyone: true });
  const count = counted.kind === "counted" ? counted.count : 0;
  const number = count === 1 ? "1 session" : `${count} sessions`;
  return (
    <AdminPage title="Log everybody out" user={showAccount(principal)} at="/admin/sessions">
      <p className="max-w-prose">
        {number} of everybody, yours too, end at once, and each person has to log in again. Do this when keys
        or the database may be in other hands.
      </p>
      <AdminAct
        label="Log everybody out"
        look="danger"
        title={`Log everybody out: ${number}?`}
        text="This can't be undone. You are logged out too."
        method="POST"
        path="/api/admin/sessions/revoke"
        body={{ filter: { everyone: true } }}
        reasonRequired
      />
    </AdminPage>
  );
}
