import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { LoginForm } from "@/components/entry/login-form.tsx";
import { PasskeyLogIn } from "@/components/entry/passkey-log-in.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { DayAndTime } from "@/components/ui/local-time.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { safeNextPath } from "@/lib/contract/next-path.ts";
import { pagePrincipal, whyLoggedOut } from "@/lib/http/pages/page-principal.ts";

export const metadata: Metadata = { title: "Log in" };

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const next = safeNextPath((await searchParams).next);
  if (await pagePrincipal()) redirect(next);
  const end = await whyLoggedOut();
  const { settings } = await runningApp();
  return (
    <NarrowPage title="Log in">
      {end && (
        <p role="status" className="rounded-lg border border-line bg-surface p-4 text-small">
          {end.sentence.start}
          {end.sentence.at && <DayAndTime at={end.sentence.at} now={end.now} />}
          {end.sentence.rest}
        </p>
      )}
      <LoginForm next={next} passkeys={settings.passkeyRpId !== null} />
      {settings.passkeyRpId !== null && <PasskeyLogIn next={next} />}
      <Link href="/forgot-password" prefetch={false} className="self-start py-2 underline underline-offset-4">
        Forgot your password?
      </Link>
      {settings.REGISTRATION === "open" && (
        <p className="text-small text-quiet">
          New here?{" "}
          <Link
            href={`/register?next=${encodeURIComponent(next)}`}
            prefetch={false}
            className="underline underline-offset-4"
          >
            Create an account
          </Link>
        </p>
      )}
    </NarrowPage>
  );
}
