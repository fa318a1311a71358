import type { Metadata } from "next";
import { TakeBack, UselessLink } from "@/components/entry/take-back.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { showMailedLink } from "@/lib/auth/challenges/show-mailed-link.ts";
import { UNDO_EMAIL_CHANGE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords } from "@/lib/contract/number-words.ts";

export const metadata: Metadata = { title: "Undo the change of address" };

const TEXTS = {
  expired: {
    title: "This link has expired",
    lead: `It worked for ${durationWords(UNDO_EMAIL_CHANGE_LIFETIME_SECONDS)}. If it wasn't you who changed the address, ask whoever runs this site.`,
  },
  used: {
    title: "This link is used up",
    lead: "The change was undone by it, or together with an earlier one: log in, or choose a new password.",
  },
  unknown: {
    title: "This link leads nowhere",
    lead: "It may be too old, or have lost a part on its way. Open it from the mail again, or choose a new password: that logs every device out too.",
  },
};

export default async function UndoEmailChangePage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const given = (await searchParams).token;
  const token = typeof given === "string" ? given : "";
  const app = await runningApp();
  const link = await showMailedLink({ app, now: app.clock.now() }, token, "undo-email-change");
  if (link.kind !== "open") return <UselessLink {...TEXTS[link.kind]} />;
  return (
    <TakeBack
      token={token}
      title="Undo the change of address?"
      lead="Your account gets the address back that this link was sent to. Every device is logged out, and you choose a new password."
      path="/api/email/undo"
      label="Undo the change"
      busy="Undoing …"
      done="Your address is as it was, and every device is logged out."
    />
  );
}
