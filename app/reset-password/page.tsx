import type { Metadata } from "next";
import Link from "next/link";
import { ForgotPasswordForm } from "@/components/forgot-password-form.tsx";
import { NarrowPage } from "@/components/narrow-page.tsx";
import { NewResetLink } from "@/components/new-reset-link.tsx";
import { ResetPasswordForm } from "@/components/reset-password-form.tsx";
import { showMailedLink } from "@/lib/auth/show-mailed-link.ts";
import { runningApp } from "@/lib/running-app.ts";

export const metadata: Metadata = { title: "Choose a new password" };

const TEXTS = {
  open: {
    title: "Choose a new password",
    lead: "Every device will be logged out. Two-step log-in stays as it is.",
  },
  expired: {
    title: "This link has expired",
    lead: "It worked for 30 minutes. We can mail a new one to the same address.",
  },
  used: {
    title: "This link is used up",
    lead: "It was used, or a newer one has taken its place: look for the newest mail. Or have another one sent to the same address.",
  },
  unknown: {
    title: "This link leads nowhere",
    lead: "It may be too old, or have lost a part on its way. Enter your address, and we'll mail you a new one.",
  },
};

export default async function ResetPasswordPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const given = (await searchParams).token;
  const token = typeof given === "string" ? given : "";
  const app = await runningApp();
  const state = await showMailedLink(app, token, "password-reset", app.clock.now());
  if (state === "open") return <ResetPasswordForm token={token} {...TEXTS.open} />;
  return (
    <NarrowPage {...TEXTS[state]}>
      {(state === "expired" || state === "used") && <NewResetLink token={token} />}
      {state === "unknown" && <ForgotPasswordForm />}
      <Link href="/login" prefetch={false} className="self-start py-2 underline underline-offset-4">
        Back to log in
      </Link>
    </NarrowPage>
  );
}
