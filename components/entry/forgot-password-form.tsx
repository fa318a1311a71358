"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { EmailField } from "@/components/ui/email-field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { RESET_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { call } from "@/lib/browser/call.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import { ForgotPasswordRequest } from "@/lib/contract/passwords.ts";

/** Asks for the address to mail a link to, which leads this browser on to where it is going (`to`). What was typed stays while the person looks, returns and asks again. */
export function ForgotPasswordForm({ to }: { to?: string | undefined }) {
  const form = useForm({ resolver: zodResolver(ForgotPasswordRequest), defaultValues: { to } });
  const [asked, setAsked] = useState<string | null>(null);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => call("POST", "/api/password/forgot", input),
    onDone: (_, { email }) => setAsked(email),
  });

  if (asked !== null) {
    return (
      <div className="space-y-6">
        <div role="status" className="space-y-2">
          <p className="break-words">
            If <strong>{asked}</strong> has an account, a link is on its way there. It works for{" "}
            {durationWords(RESET_LIFETIME_SECONDS)}.
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
