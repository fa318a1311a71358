import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { EntryCodeForm } from "@/components/entry/entry-code-form.tsx";
import { GoingOn } from "@/components/entry/going-on.tsx";
import { RegistrationClosed } from "@/components/entry/registration-closed.tsx";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { ReloadAfter } from "@/components/frames/reload-after.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { CODE_TRIES } from "@/lib/auth/limits/budgets.ts";
import { CODE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords, numberWord } from "@/lib/contract/number-words.ts";
import { pageDestination } from "@/lib/http/pages/page-destination.ts";
import { pagePrincipal, waitingProof } from "@/lib/http/pages/page-principal.ts";
import type { PageProps } from "@/lib/http/pages/page-query.ts";

/** Where no code can be typed any more: what became of it. */
const ENDS = {
  none: {
    title: "No registration is waiting here",
    lead: "A code belongs to a registration that was begun in this browser.",
  },
  expired: {
    title: "This code has expired",
    lead: `It was good for ${durationWords(CODE_LIFETIME_SECONDS)}. If you have no account yet, start again.`,
  },
  exhausted: {
    title: "Too many wrong codes",
    lead: `A code can be tried ${numberWord(CODE_TRIES)} times. If you have no account yet, start again.`,
  },
  ended: {
    title: "This registration has ended",
    lead: "Its code was used. If you have no account yet, start again.",
  },
};

export async function generateMetadata(): Promise<Metadata> {
  const { kind } = await waitingProof("register");
  return { title: kind === "waiting" ? "Check your e-mail" : ENDS[kind].title };
}

export default async function RegisterCodePage({ searchParams }: PageProps) {
  const { onward, name } = await pageDestination(searchParams);
  if (await pagePrincipal()) redirect(onward.done);
  const { settings } = await runningApp();
  if (settings.REGISTRATION === "closed") return <RegistrationClosed />;
  const waiting = await waitingProof("register");
  const start = `/register${onward.query}`;
  if (waiting.kind !== "waiting") {
    return (
      <NarrowPage {...ENDS[waiting.kind]}>
        <div className="flex flex-wrap gap-3">
          <LinkButton href={start}>Start again</LinkButton>
          <LinkButton href={`/login${onward.query}`} look="quiet">
            Log in
          </LinkButton>
        </div>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage
      title="Check your e-mail"
      lead={
        <>
          We sent a mail to <strong className="font-semibold text-ink">{waiting.sentTo}</strong>. Type the
          code from it, and the account is yours. If you have one already, the mail says so instead.{" "}
          <GoingOn to={name} />
        </>
      }
    >
      <EntryCodeForm
        purpose="register"
        methods={waiting.methods}
        onward={onward}
        resendIn={waiting.resendIn}
      />
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
