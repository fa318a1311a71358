import type { Metadata } from "next";
import Link from "next/link";
import { AcceptInvitationForm } from "@/components/entry/accept-invitation-form.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { showMailedLink } from "@/lib/auth/challenges/show-mailed-link.ts";

export const metadata: Metadata = { title: "Accept your invitation" };

const TEXTS = {
  expired: {
    title: "This invitation has expired",
    lead: "Ask whoever invited you for another one.",
  },
  used: {
    title: "This invitation is used up",
    lead: "It was accepted, or a newer one has taken its place: log in, or look for the newest mail.",
  },
  unknown: {
    title: "This link leads nowhere",
    lead: "It may be too old, or have lost a part on its way. Open it from the mail once more, or ask for another invitation.",
  },
};

export default async function AcceptInvitationPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const given = (await searchParams).token;
  const token = typeof given === "string" ? given : "";
  const app = await runningApp();
  const link = await showMailedLink({ app, now: app.clock.now() }, token, "invitation");
  if (link.kind === "open") return <AcceptInvitationForm token={token} email={link.email} />;
  return (
    <NarrowPage {...TEXTS[link.kind]}>
      <Link href="/login" prefetch={false} className="self-start py-2 underline underline-offset-4">
        Log in
      </Link>
    </NarrowPage>
  );
}
