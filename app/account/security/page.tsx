import type { Metadata } from "next";
import Link from "next/link";
import { ChangeEmail } from "@/components/account/change-email.tsx";
import { ChangePasswordForm } from "@/components/account/change-password-form.tsx";
import { StrongFactors } from "@/components/account/strong-factors.tsx";
import { TellAuthenticators } from "@/components/account/tell-authenticators.tsx";
import { TwoStepSwitch } from "@/components/account/two-step-switch.tsx";
import { AccountPage } from "@/components/frames/account-page.tsx";
import { ConfirmButton } from "@/components/ui/confirm-button.tsx";
import { DayAndTime } from "@/components/ui/local-time.tsx";
import { listTrustedDevices } from "@/lib/auth/devices/trust-device.ts";
import { listKeychain } from "@/lib/auth/factors/list-keychain.ts";
import { showTwoFactor } from "@/lib/auth/factors/show-two-factor.ts";
import { refuseWhileHeld } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { isStrong } from "@/lib/contract/account.ts";
import { SET_UP_PAGE } from "@/lib/contract/next-path.ts";
import { pageDestination } from "@/lib/http/pages/page-destination.ts";
import { requirePagePrincipal } from "@/lib/http/pages/page-principal.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage({ searchParams }: PageProps) {
  const call = await requirePagePrincipal(SET_UP_PAGE);
  const { app, principal, now } = call;
  const user = showAccount(principal);
  const factors = await showTwoFactor(call);
  const { devices } = await listTrustedDevices(call);
  const keychain = await listKeychain(call);
  const strong = isStrong(factors);
  const { kind, onward, name } = await pageDestination(searchParams);
  const heldUntil = refuseWhileHeld(principal.user, now) && principal.user.heldUntil;
  return (
    <AccountPage title="Security" user={user} at="/account/security">
      {heldUntil && (
        <section aria-label="Held" className="space-y-3 rounded-xl border border-danger bg-surface p-5">
          <p>
            What you logged in with besides the password was taken away. So that nobody can misuse that, this
            account can change nothing until <DayAndTime at={heldUntil} now={now} />.
          </p>
          <ConfirmButton
            label="Log out everywhere"
            look="danger"
            title="Log out everywhere?"
            text="This logs out every device at once, this one too."
            busy="Logging out …"
            method="POST"
            path="/logout_token"
            body={{ all: "1" }}
            leaveTo="/login"
          />
        </section>
      )}
      {factors.required && !strong && !heldUntil && (
        <p role="status" className="rounded-xl border border-accent bg-surface p-5">
          This site asks you for a passkey or an authenticator app. Set up one of them, and everything else
          opens.
        </p>
      )}
      {kind === "found" && strong && (
        <p role="status" className="rounded-xl border border-accent bg-surface p-5">
          <a href={onward.done} className="underline underline-offset-4">
            Go on to {name ?? "where you were going"}
          </a>
        </p>
      )}
      <StrongFactors factors={factors} passkeysPossible={app.settings.passkeyRpId !== null} now={now} />
      {keychain && <TellAuthenticators keychain={keychain} at={now} />}
      <section className="space-y-4" aria-labelledby="two-step">
        <h2 id="two-step" className="text-lead font-semibold">
          Two-step log-in
        </h2>
        {strong ? (
          <p className="text-quiet">
            A log-in asks for one of the above. A code by e-mail is no longer taken, so that your mailbox
            alone opens nothing.
          </p>
        ) : (
          <TwoStepSwitch enabled={user.two_factor.email} />
        )}
        <p className="text-small text-quiet">
          {trusted(devices.length)}{" "}
          <Link href="/account/sessions" prefetch={false} className="underline underline-offset-4">
            See your devices
          </Link>
        </p>
      </section>
      <section className="space-y-4" aria-labelledby="password">
        <h2 id="password" className="text-lead font-semibold">
          Password
        </h2>
        <ChangePasswordForm email={user.email} name={user.name} />
      </section>
      <section className="space-y-4" aria-labelledby="email">
        <div className="space-y-1">
          <h2 id="email" className="text-lead font-semibold">
            E-mail address
          </h2>
          <p className="break-words text-quiet">
            You log in with <strong className="font-medium text-ink">{user.email}</strong>, and mail about
            your account goes there.
          </p>
        </div>
        <ChangeEmail email={user.email} />
      </section>
    </AccountPage>
  );
}

function trusted(count: number): string {
  if (count === 0) return "No device is trusted to log in without a code.";
  return count === 1
    ? "One device is trusted to log in without a code."
    : `${count} devices are trusted to log in without a code.`;
}
