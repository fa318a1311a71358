"use client";

import { useState } from "react";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Done } from "@/components/ui/done.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { call } from "@/lib/browser/call.ts";
import { ResetPasswordForm } from "./reset-password-form.tsx";

type Props = {
  /** The secret of the link; empty where the link is not whole. */
  token: string;
  title: string;
  lead: string;
  path: "/api/not-me" | "/api/email/undo";
  label: string;
  busy: string;
  /** What has happened once it is done. */
  done: string;
};

type TakenBack = { reset_token: string; email: string };

/**
 * The page of one button that takes an account back; opening it has changed nothing yet. Then the way to a new
 * password, as for whoever's link is of no use.
 */
export function TakeBack({ token, title, lead, path, label, busy: busyLabel, done }: Props) {
  const [taken, setTaken] = useState<TakenBack | null>(null);
  const [problem, setProblem] = useState("");
  const [refused, setRefused] = useState(false);
  const [busy, setBusy] = useState(false);

  async function takeBack() {
    setBusy(true);
    setProblem("");
    const outcome = await call<TakenBack>("POST", path, { token });
    setBusy(false);
    if (outcome.kind === "ok") return setTaken(outcome.body);
    setRefused(outcome.kind === "fields");
    setProblem(outcome.kind === "failed" ? outcome.detail : (outcome.fields.token?.join(" ") ?? ""));
  }

  if (!token) return <UselessLink {...NOT_WHOLE} />;
  if (taken) {
    const { reset_token: resetToken, email } = taken;
    return (
      <ResetPasswordForm
        token={resetToken}
        email={email}
        title="Choose a new password"
        lead={<Done>{done}</Done>}
      />
    );
  }
  return (
    <NarrowPage title={title} lead={lead}>
      <div className="space-y-2">
        <Button look="danger" busy={busy && busyLabel} onClick={takeBack}>
          {label}
        </Button>
        <FormError>{problem}</FormError>
        {refused && <LinkButton href="/forgot-password">Choose a new password</LinkButton>}
      </div>
    </NarrowPage>
  );
}

const NOT_WHOLE = {
  title: "This link is not whole",
  lead: "It has lost a part on its way. Open it from the mail again, or choose a new password: that logs every device out too.",
};

/** The page of a link that takes nothing back: says why, and leads to what can be done without it. */
export function UselessLink(why: { title: string; lead: string }) {
  return (
    <NarrowPage {...why}>
      <div className="flex flex-wrap gap-3">
        <LinkButton href="/forgot-password">Choose a new password</LinkButton>
        <LinkButton href="/login" look="quiet">
          Log in
        </LinkButton>
      </div>
    </NarrowPage>
  );
}
