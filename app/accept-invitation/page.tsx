import type { Metadata } from "next";
import { AcceptInvitationForm } from "@/components/accept-invitation-form.tsx";

export const metadata: Metadata = { title: "Accept your invitation" };

export default async function AcceptInvitationPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return <AcceptInvitationForm token={typeof token === "string" ? token : ""} />;
}
