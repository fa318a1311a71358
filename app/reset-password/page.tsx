import type { Metadata } from "next";
import Link from "next/link";
import { ForgotPasswordForm } from "@/components/entry/forgot-password-form.tsx";
import { NewResetLink } from "@/components/entry/new-reset-link.tsx";
import { ResetPasswordForm } from "@/components/entry/reset-password-form.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { showMailedLink } from "@/lib/auth/challenges/show-mailed-link.ts";
import { RESET_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import { onwardHere } from "@/lib/http/pages/page-destination.ts";

export const metadata: Metadata = { title: "Choose a new password" };

const TEXTS = {
  open: {
    title: "Choose a new password",
    lead: "Every device will be logged out. Two-step log-in stays as it is.",
  },
  expired: {
    title: "This link has expired",
    lead: `It worked for ${durationWords(RESET_LIFETIME_SECONDS)}. We can mail a new one to the same address.`,
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
  const link = await showMailedLink({ app, now: app.clock.now() }, token, "password-reset");
  if (link.kind === "open") {
    const onward = await onwardHere(link.destinationId);
    return <ResetPasswordForm token={token} email={link.email} onward={onward} {...TEXTS.open} />;
  }
  return (
    <NarrowPage {...TEXTS[link.kind]}>
      {(link.kind === "expired" || link.kind === "used") && <NewResetLink token={token} />}
      {link.kind === "unknown" && <ForgotPasswordForm />}
      <Link href="/login" prefetch={false} className="self-start py-2 underline underline-offset-4">
        Back to log in
      </Link>
    </NarrowPage>
  );
}
