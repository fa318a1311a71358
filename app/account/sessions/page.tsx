import type { Metadata } from "next";
import { InvitePasskey } from "@/components/account/invite-passkey.tsx";
import { TellAuthenticators } from "@/components/account/tell-authenticators.tsx";
import { SessionCard } from "@/components/devices/session-card.tsx";
import { TrustedDeviceCard } from "@/components/devices/trusted-device-card.tsx";
import { AccountPage } from "@/components/frames/account-page.tsx";
import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { listTrustedDevices } from "@/lib/auth/devices/trust-device.ts";
import { listKeychain } from "@/lib/auth/factors/list-keychain.ts";
import { SESSIONS_PER_PERSON } from "@/lib/auth/limits/lifetimes.ts";
import { listSessions } from "@/lib/auth/sessions/list-sessions.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { isStrong } from "@/lib/contract/account.ts";
import { requirePagePrincipal, trustedDeviceHere } from "@/lib/http/pages/page-principal.ts";

export const metadata: Metadata = { title: "Your devices" };

export default async function SessionsPage() {
  const call = await requirePagePrincipal("/account/sessions");
  const { app, principal, now } = call;
  const { page } = await listSessions(call, { limit: SESSIONS_PER_PERSON });
  const sessions = page.results;
  const { devices } = await listTrustedDevices(call);
  const trustedHere = await trustedDeviceHere(principal);
  const keychain = await listKeychain(call);
  const user = showAccount(principal);
  const byMail = principal.session.amr.includes("email");
  const invited = byMail && !isStrong(user.two_factor) && app.settings.passkeyRpId !== null;
  const others = sessions.length - 1;
  const count = sessions.length === 1 ? "this device" : `all ${sessions.length} devices, this one too`;
  return (
    <AccountPage
      title="Your devices"
      user={user}
      at="/account/sessions"
      lead={
        <>
          <p className="text-quiet">{countOf(sessions.length)}</p>
          <a href="#trusted-devices" className="inline-block py-1 text-small underline underline-offset-4">
            Trusted devices{devices.length > 0 && ` (${devices.length})`}
          </a>
        </>
      }
    >
      {invited && <InvitePasskey />}
      {keychain && <TellAuthenticators keychain={keychain} at={now} />}
      <section className="space-y-4" aria-label="Devices that are logged in">
        <div className="flex flex-wrap gap-3">
          {others > 0 && (
            <ConfirmButton
              label={others === 1 ? "Log out the other device" : `Log out the ${others} others`}
              title="Log out every other device?"
              text="They will have to log in again. This device stays logged in."
              busy="Logging out …"
              method="POST"
              path="/api/sessions/revoke-others"
            />
          )}
          <ConfirmButton
            label="Log out everywhere"
            look="danger"
            title="Log out everywhere?"
            text={`This logs out ${count}, at once, and no device will be trusted any more.`}
            busy="Logging out …"
            method="POST"
            path="/logout_token"
            body={{ all: "1" }}
            leaveTo="/login"
          />
        </div>
        <ul className="space-y-3">
          {sessions.map((session) => (
            <SessionCard
              key={session.id}
              session={session}
              longestSeconds={app.settings.SESSION_MAX_LIFETIME}
              now={now}
            />
          ))}
        </ul>
      </section>
      <section
        id="trusted-devices"
        tabIndex={-1}
        className="scroll-mt-6 space-y-4 outline-none"
        aria-label="Trusted devices"
      >
        <div className="space-y-1">
          <h2 className="text-lead font-semibold">Trusted devices</h2>
          <p className="text-small text-quiet">They log in with the password alone, without a code.</p>
        </div>
        {devices.length === 0 ? (
          <p className="rounded-xl border border-dashed border-line p-5 text-quiet">No device is trusted.</p>
        ) : (
          <ul className="space-y-3">
            {devices.map((device) => (
              <TrustedDeviceCard
                key={device.id}
                device={device}
                current={device.id === trustedHere}
                now={now}
              />
            ))}
          </ul>
        )}
      </section>
    </AccountPage>
  );
}

function countOf(count: number): string {
  return count === 1 ? "Only this device is logged in." : `${count} devices are logged in.`;
}
