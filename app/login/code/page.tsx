import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { EntryCodeForm } from "@/components/entry-code-form.tsx";
import { NarrowPage } from "@/components/narrow-page.tsx";
import { ReloadAfter } from "@/components/reload-after.tsx";
import { safeNextPath } from "@/lib/contract/next-path.ts";
import { pagePrincipal, waitingProof } from "@/lib/http/page-principal.ts";

export const metadata: Metadata = { title: "Check your e-mail" };

export default async function CodePage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const next = safeNextPath((await searchParams).next);
  if (await pagePrincipal()) redirect(next);
  const waiting = await waitingProof("log-in");
  const start = `/login?next=${encodeURIComponent(next)}`;
  if (!waiting) return <Ended start={start} />;
  return (
    <NarrowPage
      title="Check your e-mail"
      lead={
        <>
          We sent a code to <strong className="font-semibold text-ink">{waiting.sentTo}</strong>. It protects
          you against a stolen password, not against a stolen mailbox.
        </>
      }
    >
      <EntryCodeForm purpose="log-in" next={next} resendIn={waiting.resendIn} />
      <ReloadAfter seconds={waiting.expiresIn} />
      <p className="text-small text-quiet">
        Not your address?{" "}
        <Link href={start} prefetch={false} className="underline underline-offset-4">
          Start again
        </Link>
      </p>
    </NarrowPage>
  );
}

function Ended({ start }: { start: string }) {
  return (
    <NarrowPage title="This log-in has ended" lead="Its code has expired, was used, or was tried too often.">
      <p>
        <Link href={start} prefetch={false} className="underline underline-offset-4">
          Log in again
        </Link>
      </p>
    </NarrowPage>
  );
}
