import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { EntryCodeForm } from "@/components/entry/entry-code-form.tsx";
import { GoingOn } from "@/components/entry/going-on.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { ReloadAfter } from "@/components/frames/reload-after.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { CODE_TRIES } from "@/lib/auth/limits/budgets.ts";
import { CODE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords, numberWord } from "@/lib/contract/number-words.ts";
import type { Method } from "@/lib/contract/two-factor.ts";
import { pageDestination } from "@/lib/http/pages/page-destination.ts";
import { pagePrincipal, waitingProof } from "@/lib/http/pages/page-principal.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

/** Where no code can be typed any more: what became of it. */
const ENDS = {
  none: {
    title: "No log-in is waiting here",
    lead: "A code belongs to a log-in that was begun in this browser. Log in, and we'll send you one.",
  },
  expired: {
    title: "This code has expired",
    lead: `It was good for ${durationWords(CODE_LIFETIME_SECONDS)}. Log in again, and we'll send you a new one.`,
  },
  exhausted: {
    title: "Too many wrong codes",
    lead: `A code can be tried ${numberWord(CODE_TRIES)} times. Log in again, and we'll send you a new one.`,
  },
  ended: {
    title: "This log-in has ended",
    lead: "Its code was used, or another log-in has taken its place.",
  },
};

export async function generateMetadata(): Promise<Metadata> {
  const waiting = await waitingProof("log-in");
  return { title: waiting.kind === "waiting" ? titleOf(waiting.methods) : ENDS[waiting.kind].title };
}

function titleOf(methods: readonly Method[]): string {
  return methods.includes("email") ? "Check your e-mail" : "One more step";
}

export default async function CodePage({ searchParams }: PageProps) {
  const destination = await pageDestination(searchParams);
  const { onward, name } = destination;
  const principal = await pagePrincipal();
  const { clock } = await runningApp();
  if (principal && !destination.asksAgain(principal, clock.now())) redirect(onward.done);
  const waiting = await waitingProof("log-in");
  const start = `/login${onward.query}`;
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
      title={titleOf(waiting.methods)}
      lead={
        !waiting.methods.includes("email") ? (
          <>
            Your password was right. Now prove that it's you. <GoingOn to={name} />
          </>
        ) : (
          <>
            We sent a code to <strong className="font-semibold text-ink">{waiting.sentTo}</strong>. It
            protects you against a stolen password, not against a stolen mailbox. <GoingOn to={name} />
          </>
        )
      }
    >
      <EntryCodeForm purpose="log-in" methods={waiting.methods} onward={onward} resendIn={waiting.resendIn} />
      <ReloadAfter seconds={waiting.expiresIn} />
      {!waiting.methods.includes("email") && (
        <p className="text-small text-quiet">
          Lost all of them? Ask whoever runs this site: they can take them away, and you begin anew.
        </p>
      )}
      <p className="text-small text-quiet">
        {waiting.methods.includes("email") ? "Not your address?" : "Not you?"}{" "}
        <Link href={start} prefetch={false} className="underline underline-offset-4">
          Start again
        </Link>
      </p>
    </NarrowPage>
  );
}
