import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { EntryCodeForm } from "@/components/entry-code-form.tsx";
import { NarrowPage } from "@/components/narrow-page.tsx";
import { ReloadAfter } from "@/components/reload-after.tsx";
import { safeNextPath } from "@/lib/contract/next-path.ts";
import { pagePrincipal, waitingProof } from "@/lib/http/page-principal.ts";

/** Where no code can be typed any more: what became of it. */
const ENDS = {
  none: {
    title: "No log-in is waiting here",
    lead: "A code belongs to a log-in that was begun in this browser. Log in, and we'll send you one.",
  },
  expired: {
    title: "This code has expired",
    lead: "It was good for ten minutes. Log in again, and we'll send you a new one.",
  },
  exhausted: {
    title: "Too many wrong codes",
    lead: "A code can be tried five times. Log in again, and we'll send you a new one.",
  },
  ended: {
    title: "This log-in has ended",
    lead: "Its code was used, or another log-in has taken its place.",
  },
};

export async function generateMetadata(): Promise<Metadata> {
  const { kind } = await waitingProof("log-in");
  return { title: kind === "waiting" ? "Check your e-mail" : ENDS[kind].title };
}

export default async function CodePage({
  searchParams,
}: {
  searchParams: Promise<{ next?: string | string[] }>;
}) {
  const next = safeNextPath((await searchParams).next);
  if (await pagePrincipal()) redirect(next);
  const waiting = await waitingProof("log-in");
  const start = `/login?next=${encodeURIComponent(next)}`;
  if (waiting.kind !== "waiting") {
    return (
      <NarrowPage {...ENDS[waiting.kind]}>
        <p>
          <Link href={start} prefetch={false} className="underline underline-offset-4">
            Log in again
          </Link>
        </p>
      </NarrowPage>
    );
  }
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
