import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { DestinationEnded } from "@/components/entry/destination-ended.tsx";
import { GoingOn } from "@/components/entry/going-on.tsx";
import { LoginForm } from "@/components/entry/login-form.tsx";
import { PasskeyLogIn } from "@/components/entry/passkey-log-in.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { DayAndTime } from "@/components/ui/local-time.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { pageDestination } from "@/lib/http/pages/page-destination.ts";
import { pagePrincipal, whyLoggedOut } from "@/lib/http/pages/page-principal.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

export const metadata: Metadata = { title: "Log in" };

export default async function LoginPage({ searchParams }: PageProps) {
  const destination = await pageDestination(searchParams);
  const principal = await pagePrincipal();
  if (destination.kind === "ended") return <DestinationEnded loggedIn={principal !== null} />;
  const { settings, clock } = await runningApp();
  const { onward, name, email } = destination;
  const asksAgain = principal !== null && destination.asksAgain(principal, clock.now());
  if (principal && !asksAgain) redirect(onward.done);
  const end = await whyLoggedOut();
  return (
    <NarrowPage title={asksAgain ? "Log in again" : "Log in"} lead={name && <GoingOn to={name} />}>
      {end && (
        <p role="status" className="rounded-lg border border-line bg-surface p-4 text-small">
          {end.sentence.start}
          {end.sentence.at && <DayAndTime at={end.sentence.at} now={end.now} />}
          {end.sentence.rest}
        </p>
      )}
      <LoginForm
        onward={onward}
        email={principal?.user.email ?? email ?? undefined}
        passkeys={settings.passkeyRpId !== null}
      />
      {settings.passkeyRpId !== null && <PasskeyLogIn onward={onward} />}
      <Link
        href={`/forgot-password${onward.query}`}
        prefetch={false}
        className="self-start py-2 underline underline-offset-4"
      >
        Forgot your password?
      </Link>
      {settings.REGISTRATION === "open" && !asksAgain && (
        <p className="text-small text-quiet">
          New here?{" "}
          <Link href={`/register${onward.query}`} prefetch={false} className="underline underline-offset-4">
            Create an account
          </Link>
        </p>
      )}
    </NarrowPage>
  );
}
