import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { RegisterForm } from "@/components/entry/register-form.tsx";
import { RegistrationClosed } from "@/components/entry/registration-closed.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { safeNextPath } from "@/lib/contract/next-path.ts";
import { pagePrincipal } from "@/lib/http/pages/page-principal.ts";

export const metadata: Metadata = { title: "Create an account" };

export default async function RegisterPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const next = safeNextPath((await searchParams).next);
  if (await pagePrincipal()) redirect(next);
  const { settings } = await runningApp();
  if (settings.REGISTRATION === "closed") return <RegistrationClosed />;
  return (
    <NarrowPage
      title="Create an account"
      lead="We send a code to your address to make sure that it is yours."
    >
      <RegisterForm next={next} />
      <p className="text-small text-quiet">
        You have an account?{" "}
        <Link
          href={`/login?next=${encodeURIComponent(next)}`}
          prefetch={false}
          className="underline underline-offset-4"
        >
          Log in
        </Link>
      </p>
    </NarrowPage>
  );
}
