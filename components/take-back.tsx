"use client";

import { useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { FormError } from "./form-error.tsx";
import { ResetPasswordForm } from "./reset-password-form.tsx";

type Props = {
  /** The secret of the link; empty where the link is not whole. */
  token: string;
  path: "/api/not-me" | "/api/email/undo";
  label: string;
  busy: string;
  /** What has happened once it is done. */
  done: string;
};

/** One button that takes an account back; opening the page has changed nothing yet. Then the way to a new password. */
export function TakeBack({ token, path, label, busy: busyLabel, done }: Props) {
  const [resetToken, setResetToken] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function takeBack() {
    setBusy(true);
    const outcome = await call<{ reset_token: string }>("POST", path, { token });
    setBusy(false);
    if (outcome.kind === "ok") setResetToken(outcome.body.reset_token);
    else
      setProblem(
        outcome.kind === "failed" ? outcome.detail : (outcome.fields.token?.[0] ?? "This link is not whole."),
      );
  }

  if (resetToken !== null) {
    return (
      <>
        <p role="status" className="font-medium">
          {done}
        </p>
        <ResetPasswordForm token={resetToken} />
      </>
    );
  }
  return (
    <div className="space-y-2">
      <Button look="danger" busy={busy && busyLabel} onClick={takeBack}>
        {label}
      </Button>
      <FormError>{problem}</FormError>
    </div>
  );
}
