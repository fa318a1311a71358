import type { Metadata } from "next";
import { InvitePasskey } from "@/components/account/invite-passkey.tsx";
import { TellAuthenticators } from "@/components/account/tell-authenticators.tsx";
import { LogOutMany } from "@/components/devices/log-out-many.tsx";
import { SessionCard } from "@/components/devices/session-card.tsx";
import { countSessions, groupSessions, type SessionGroup } from "@/components/devices/session-groups.ts";
import { TrustedDeviceCard } from "@/components/devices/trusted-device-card.tsx";
import { AccountPage } from "@/components/frames/account-page.tsx";
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
  const groups = groupSessions(page.results);
  const { devices } = await listTrustedDevices(call);
  const trustedHere = await trustedDeviceHere(principal);
  const keychain = await listKeychain(call);
  const user = showAccount(principal);
  const byMail = principal.session.amr.includes("email");
  const invited = byMail && !isStrong(user.two_factor) && app.settings.passkeyRpId !== null;
  return (
    <AccountPage
      title="Your devices"
      user={user}
      at="/account/sessions"
      lead={
        <>
          <p className="text-quiet">{countOf(groups)}</p>
          <a href="#trusted-devices" className="inline-block py-1 text-small underline underline-offset-4">
            Trusted devices{devices.length > 0 && ` (${devices.length})`}
          </a>
        </>
      }
    >
      {invited && <InvitePasskey />}
      {keychain && <TellAuthenticators keychain={keychain} at={now} />}
      <section className="space-y-4" aria-label="Devices that are logged in">
        <LogOutMany groups={groups} />
        <ul className="space-y-3">
          {groups.map((group) => (
            <SessionCard
              key={group.session.id}
              group={group}
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

function countOf(groups: SessionGroup[]): string {
  const { devices, applications } = countSessions(groups);
  if (applications === 0)
    return devices === 1 ? "Only this device is logged in." : `${devices} devices are logged in.`;
  const opened = applications === 1 ? "an application" : `${applications} applications`;
  return `${devices === 1 ? "This device" : `${devices} devices`} and ${opened} are logged in.`;
}
