"use client";

import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { stopped } from "./confirm-by-password.tsx";
import { Field } from "./field.tsx";

type Props = {
  sent: StartedChallenge;
  onConfirmed: () => void;
  onPassword: () => void;
  /** The way out, beside the other buttons. */
  children: ReactNode;
};

/** Confirms with the code from the mail. */
export function ConfirmByCode({ sent, onConfirmed, onPassword, children }: Props) {
  const form = useForm<{ code: string }>();
  const [problem, setProblem] = useState("");

  const submit = form.handleSubmit(async ({ code }) => {
    setProblem("");
    const outcome = await call("POST", "/api/token/step-up", { challenge: sent.challenge, code });
    if (outcome.kind === "ok") return onConfirmed();
    setProblem(outcome.kind === "failed" ? outcome.detail : "Enter the six digits from the e-mail.");
    form.resetField("code");
    form.setFocus("code");
  });

  return (
    <form
      method="post"
      action="/account/security"
      onSubmit={stopped(submit)}
      noValidate
      className="space-y-2"
    >
      <Field
        label="Code"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
        autoFocus
        hint={`We sent it to ${sent.sent_to}.`}
        error={problem}
        {...form.register("code")}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={form.formState.isSubmitting && "Checking …"}>
          Confirm
        </Button>
        <Button look="quiet" onClick={onPassword}>
          Use the password instead
        </Button>
        {children}
      </div>
    </form>
  );
}
