"use client";

import { useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { Done } from "./done.tsx";
import { FormError } from "./form-error.tsx";
import { LinkButton } from "./link-button.tsx";
import { NarrowPage } from "./narrow-page.tsx";
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

/**
 * The page of one button that takes an account back; opening it has changed nothing yet. Then the way to a new
 * password, as for whoever's link is of no use.
 */
export function TakeBack({ token, title, lead, path, label, busy: busyLabel, done }: Props) {
  const [resetToken, setResetToken] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const [refused, setRefused] = useState(false);
  const [busy, setBusy] = useState(false);

  async function takeBack() {
    setBusy(true);
    setProblem("");
    const outcome = await call<{ reset_token: string }>("POST", path, { token });
    setBusy(false);
    if (outcome.kind === "ok") return setResetToken(outcome.body.reset_token);
    setRefused(outcome.kind === "fields");
    setProblem(outcome.kind === "failed" ? outcome.detail : (outcome.fields.token?.join(" ") ?? ""));
  }

  if (!token) return <UselessLink {...NOT_WHOLE} />;
  if (resetToken !== null) {
    return <ResetPasswordForm token={resetToken} title="Choose a new password" lead={<Done>{done}</Done>} />;
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
