import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { GoingOn } from "@/components/entry/going-on.tsx";
import { RegisterForm } from "@/components/entry/register-form.tsx";
import { RegistrationClosed } from "@/components/entry/registration-closed.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { pageDestination } from "@/lib/http/pages/page-destination.ts";
import { pagePrincipal } from "@/lib/http/pages/page-principal.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

export const metadata: Metadata = { title: "Create an account" };

export default async function RegisterPage({ searchParams }: PageProps) {
  const { onward, name } = await pageDestination(searchParams);
  if (await pagePrincipal()) redirect(onward.done);
  const { settings } = await runningApp();
  if (settings.REGISTRATION === "closed") return <RegistrationClosed />;
  return (
    <NarrowPage
      title="Create an account"
      lead={
        <>
          We send a code to your address to make sure that it is yours. <GoingOn to={name} />
        </>
      }
    >
      <RegisterForm onward={onward} />
      <p className="text-small text-quiet">
        You have an account?{" "}
        <Link href={`/login${onward.query}`} prefetch={false} className="underline underline-offset-4">
          Log in
        </Link>
      </p>
    </NarrowPage>
  );
}
