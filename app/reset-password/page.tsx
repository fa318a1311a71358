import type { Metadata } from "next";
import { NarrowPage } from "@/components/narrow-page.tsx";
import { ResetPasswordForm } from "@/components/reset-password-form.tsx";

export const metadata: Metadata = { title: "Choose a new password" };

export default async function ResetPasswordPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return (
    <NarrowPage
      title="Choose a new password"
      lead="Every device will be logged out. A code is still asked at log-in."
    >
      <ResetPasswordForm token={typeof token === "string" ? token : ""} />
    </NarrowPage>
  );
}
