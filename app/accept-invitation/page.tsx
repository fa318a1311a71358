import type { Metadata } from "next";
import { AcceptInvitationForm } from "@/components/accept-invitation-form.tsx";
import { NarrowPage } from "@/components/narrow-page.tsx";

export const metadata: Metadata = { title: "Accept your invitation" };

export default async function AcceptInvitationPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return (
    <NarrowPage
      title="Choose a password"
      lead="An administrator made an account for you. Choose its password, and it is yours."
    >
      <AcceptInvitationForm token={typeof token === "string" ? token : ""} />
    </NarrowPage>
  );
}
