import { isStrong } from "@/lib/contract/account.ts";
import type { ShownPerson } from "@/lib/contract/admin.ts";
import { AdminAct } from "./admin-act.tsx";

/** What an admin can do about a person. Each act says what it does and asks why. */
export function PersonActs({ person, isSelf }: { person: ShownPerson; isSelf: boolean }) {
  const { email } = person;
  const path = `/api/admin/users/${person.id}`;
  const toAdmin = person.role === "user";
  return (
    <section aria-label="What you can do" className="flex flex-wrap gap-3">
      {person.sessions.outstanding > 0 && (
        <AdminAct
          label="Log out everywhere"
          title={`Log ${email} out everywhere?`}
          text={`Every device of theirs is logged out at once${isSelf ? ", this one too" : ""}.`}
          method="POST"
          path={`${path}/logout`}
        />
      )}
      <AdminAct
        label={toAdmin ? "Make administrator" : "Make user"}
        title={toAdmin ? `Make ${email} an administrator?` : `Take the role of administrator from ${email}?`}
        text={
          toAdmin
            ? "They will see everybody's sessions, and can log anybody out or take their access away."
            : "These pages will be closed to them from their next click on."
        }
        method="PATCH"
        path={path}
        body={{ role: toAdmin ? "admin" : "user" }}
      />
      {isStrong(person.two_factor) && !isSelf && (
        <AdminAct
          label="Remove factors"
          title={`Take the factors of ${email} away?`}
          text="For somebody who lost them all: make sure that it's really them who asks. Their passkeys, authenticator app and recovery codes go, they are told by mail, and for a day the account can change nothing."
          method="POST"
          path={`${path}/remove-factors`}
          reasonRequired
        />
      )}
      <AdminAct
        label={person.is_active ? "Deactivate" : "Reactivate"}
        look={person.is_active ? "danger" : "quiet"}
        title={person.is_active ? `Deactivate ${email}?` : `Reactivate ${email}?`}
        text={
          person.is_active
            ? "They are logged out everywhere at once and can't log in until somebody reactivates them."
            : "They can log in again, with their old password."
        }
        method="PATCH"
        path={path}
        body={{ is_active: !person.is_active }}
      />
    </section>
  );
}
