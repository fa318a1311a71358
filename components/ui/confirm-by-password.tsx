"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { type StartedChallenge, StepUpRequest } from "@/lib/contract/two-factor.ts";
import { AccountField } from "./account-field.tsx";
import { Button } from "./button.tsx";
import { DialogCancel } from "./dialog-cancel.tsx";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";
import { alone } from "./submitting.ts";
import { useApiForm } from "./use-api-form.ts";

type Props = {
  onConfirmed: () => void;
  /** The person asked for a code instead, and it is on its way. */
  onSent: (sent: StartedChallenge) => void;
  /** Why the person is back here. */
  news: string;
};

/** Confirms with the password, or asks for a code. */
export function ConfirmByPassword({ onConfirmed, onSent, news }: Props) {
  const form = useForm({ resolver: zodResolver(StepUpRequest, undefined, { raw: true }) });
  const [sending, setSending] = useState(false);
  const { errors, isSubmitting, problem, setProblem, submit } = useApiForm(form, {
    send: (input) => call("POST", "/api/token/step-up", input),
    onDone: onConfirmed,
    onRefused: (outcome) => {
      form.resetField("password");
      if (outcome.kind === "failed" && outcome.code === "two_factor_required")
        onSent(outcome.facts as StartedChallenge);
    },
    news,
  });

  async function askForCode() {
    setSending(true);
    setProblem("");
    const outcome = await call<StartedChallenge>("POST", "/api/token/step-up", {});
    setSending(false);
    if (outcome.kind === "ok") onSent(outcome.body);
    else if (outcome.kind === "failed") setProblem(outcome.detail);
  }

  return (
    <form method="post" action="/account/security" onSubmit={alone(submit)} noValidate className="space-y-2">
      <AccountField />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        autoFocus
        error={errors.password?.message}
        {...form.register("password")}
      />
      <FormError>{problem}</FormError>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" disabled={sending} busy={isSubmitting && "Checking …"}>
          Confirm
        </Button>
        <Button look="quiet" disabled={isSubmitting} busy={sending && "Sending …"} onClick={askForCode}>
          Send me a code instead
        </Button>
        <DialogCancel />
      </div>
    </form>
  );
}
