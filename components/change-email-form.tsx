"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { ChangeEmailRequest } from "@/lib/contract/email-change.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { useConfirmed } from "./confirm-its-you.tsx";
import { EmailField } from "./email-field.tsx";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";

type Sent = Omit<StartedChallenge, "methods">;

/** Asks for the new address and the password, which also confirms that it's them. */
export function ChangeEmailForm({ email, onSent }: { email: string; onSent: (sent: Sent) => void }) {
  const form = useForm({ resolver: zodResolver(ChangeEmailRequest) });
  const { errors, isSubmitting } = form.formState;
  const { callConfirmed, dialog } = useConfirmed();
  const [problem, setProblem] = useState("");

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await callConfirmed<Sent>("POST", "/api/email/change", input, input);
    if (outcome.kind === "ok") return onSent(outcome.body);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    const { email: address, password } = outcome.fields;
    if (password) form.setError("password", { message: password.join(" ") }, { shouldFocus: true });
    if (address) form.setError("email", { message: address.join(" ") }, { shouldFocus: true });
  });

  return (
    <>
      <form method="post" action="/account/security" onSubmit={submit} noValidate className="space-y-2">
        <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
        <EmailField
          label="New e-mail address"
          autoComplete="email"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <PasswordField
          label="Your password"
          autoComplete="current-password"
          error={errors.password?.message}
          {...form.register("password")}
        />
        <FormError>{problem}</FormError>
        <Button type="submit" busy={isSubmitting && "Sending a code …"}>
          Send a code
        </Button>
      </form>
      {dialog}
    </>
  );
}
