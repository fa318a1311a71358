import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LoginForm } from "@/components/login-form.tsx";
import { NarrowPage } from "@/components/narrow-page.tsx";
import { safeNextPath } from "@/lib/contract/next-path.ts";
import { pagePrincipal, whyLoggedOut } from "@/lib/http/page-principal.ts";

export const metadata: Metadata = { title: "Log in" };

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const next = safeNextPath((await searchParams).next);
  if (await pagePrincipal()) redirect(next);
  const reason = await whyLoggedOut();
  return (
    <NarrowPage title="Log in">
      {reason && (
        <p role="status" className="rounded-lg border border-line bg-surface p-4 text-small">
          {reason}
        </p>
      )}
      <LoginForm next={next} />
    </NarrowPage>
  );
}
