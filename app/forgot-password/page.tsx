import type { Metadata } from "next";
import Link from "next/link";
import { ForgotPasswordForm } from "@/components/entry/forgot-password-form.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { pageDestination } from "@/lib/http/pages/page-destination.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

export const metadata: Metadata = { title: "Forgot your password?" };

export default async function ForgotPasswordPage({ searchParams }: PageProps) {
  const { kind, onward, id } = await pageDestination(searchParams);
  return (
    <NarrowPage
      title="Forgot your password?"
      lead="Enter your address, and we'll mail you a link to choose a new one."
    >
      <ForgotPasswordForm to={kind === "found" ? id : undefined} />
      <Link
        href={`/login${onward.query}`}
        prefetch={false}
        className="self-start py-2 underline underline-offset-4"
      >
        Back to log in
      </Link>
    </NarrowPage>
  );
}
