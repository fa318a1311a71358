import type { Metadata } from "next";
import Link from "next/link";
import { ForgotPasswordForm } from "@/components/entry/forgot-password-form.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPasswordPage() {
  return (
    <NarrowPage
      title="Forgot your password?"
      lead="Enter your address, and we'll mail you a link to choose a new one."
    >
      <ForgotPasswordForm />
      <Link href="/login" prefetch={false} className="self-start py-2 underline underline-offset-4">
        Back to log in
      </Link>
    </NarrowPage>
  );
}
