import type { Metadata } from "next";
import Link from "next/link";
import { AccountPage } from "@/components/account-page.tsx";
import { ChangeEmail } from "@/components/change-email.tsx";
import { ChangePasswordForm } from "@/components/change-password-form.tsx";
import { TwoStepSwitch } from "@/components/two-step-switch.tsx";
import { showAccount } from "@/lib/auth/show-account.ts";
import { listTrustedDevices } from "@/lib/auth/trust-device.ts";
import { requirePagePrincipal } from "@/lib/http/page-principal.ts";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage() {
  const { app, principal, now } = await requirePagePrincipal("/account/security");
  const user = showAccount(principal);
  const { devices } = await listTrustedDevices(app, principal, now);
  return (
    <AccountPage title="Security" user={user} at="/account/security">
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
      <section className="space-y-4" aria-labelledby="two-step">
        <h2 id="two-step" className="text-lead font-semibold">
          Two-step log-in
        </h2>
        <TwoStepSwitch enabled={user.two_factor.email} />
        <p className="text-small text-quiet">
          {trusted(devices.length)}{" "}
          <Link href="/account/sessions" prefetch={false} className="underline underline-offset-4">
            See your devices
          </Link>
        </p>
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
