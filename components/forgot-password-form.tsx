"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { ForgotPasswordRequest } from "@/lib/contract/passwords.ts";
import { Button } from "./button.tsx";
import { EmailField } from "./email-field.tsx";
import { FormError } from "./form-error.tsx";

/** Asks for the address to mail a link to. What was typed stays while the person looks, returns and asks again. */
export function ForgotPasswordForm() {
  const form = useForm({ resolver: zodResolver(ForgotPasswordRequest) });
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState("");
  const [asked, setAsked] = useState<string | null>(null);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/password/forgot", input);
    if (outcome.kind === "ok") return setAsked(input.email);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    form.setError("email", { message: outcome.fields.email?.join(" ") }, { shouldFocus: true });
  });

  if (asked !== null) {
    return (
      <div className="space-y-6">
        <div role="status" className="space-y-2">
          <p className="break-words">
            If <strong>{asked}</strong> has an account, a link is on its way there. It works for 30 minutes.
          </p>
          <p className="text-quiet">Nothing came? Look among unwanted mail, or ask again.</p>
        </div>
        <Button look="quiet" onClick={() => setAsked(null)} autoFocus>
          Ask again
        </Button>
      </div>
    );
  }
  return (
    <form method="post" action="/forgot-password" onSubmit={submit} noValidate className="space-y-2">
      <EmailField
        label="E-mail address"
        autoComplete="username"
        error={errors.email?.message}
        {...form.register("email")}
      />
      <FormError>{problem}</FormError>
      <Button type="submit" busy={isSubmitting && "Sending …"}>
        Send the link
      </Button>
    </form>
  );
}
