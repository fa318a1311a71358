import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { countSessions, type SessionGroup } from "./session-groups.ts";

/** Log out every other device, where there is one, and log out everywhere. */
export function LogOutMany({ groups }: { groups: SessionGroup[] }) {
  const others = groups.filter(({ session }) => !session.current);
  const [other] = others;
  const { devices, applications } = countSessions(groups);
  const openedHere = groups.some(({ session, opened }) => session.current && opened.length > 0);
  const every = devices === 1 ? "this device" : `all ${devices} devices, this one too`;
  return (
    <div className="flex flex-wrap gap-3">
      {other && (
        <ConfirmButton
          label={
            others.length === 1
              ? `Log out the other ${other.session.application ? "one" : "device"}`
              : `Log out the ${others.length} others`
          }
          title="Log out every other device?"
          text={`They will have to log in again. This device stays logged in${openedHere ? "; the applications opened from it will have to be opened again" : ""}.`}
          busy="Logging out …"
          method="POST"
          path="/api/sessions/revoke-others"
        />
      )}
      <ConfirmButton
        label="Log out everywhere"
        look="danger"
        title="Log out everywhere?"
        text={`This logs out ${every}${applications > 0 ? ", with every application" : ""}, at once, and no device will be trusted any more.`}
        busy="Logging out …"
        method="POST"
        path="/logout_token"
        body={{ all: "1" }}
        leaveTo="/login"
      />
    </div>
  );
}
