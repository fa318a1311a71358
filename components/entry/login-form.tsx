"use client";

import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { EmailField } from "@/components/ui/email-field.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { submitting } from "@/components/ui/submitting.ts";
import { call } from "@/lib/browser/call.ts";
import type { Onward } from "@/lib/contract/onward.ts";
import { SENTENCES } from "@/lib/contract/sentences.ts";

const filledIn = { required: SENTENCES.blank };

/**
 * Address and password. What comes after, the code or where one was going, is a full load: nothing of a visitor's page remains, nor does
 * Back lead to it. It asks of them what `LogInRequest` does, but ships no zod: this is the page that must be there first.
 */
export function LoginForm({
  onward,
  email,
  passkeys = false,
}: {
  onward: Onward;
  /** Filled in, where it is known who is expected. */
  email?: string | undefined;
  passkeys?: boolean;
}) {
  const form = useForm<{ email: string; password: string }>({ defaultValues: { email: email ?? "" } });
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState(false);

  const submit = submitting(form, async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/token", input);
    const asksCode = outcome.kind === "failed" && outcome.code === "two_factor_required";
    if (outcome.kind === "ok" || asksCode) {
      setLeaving(true);
      window.location.replace(asksCode ? `/login/code${onward.query}` : onward.done);
    } else {
      setProblem(sentence(outcome));
      form.setFocus("password");
    }
  });

  return (
    <form method="post" action="/login" onSubmit={submit} noValidate className="space-y-2">
      <EmailField
        label="E-mail address"
        autoComplete={`username${passkeys ? " webauthn" : ""}`}
        error={errors.email?.message}
        {...form.register("email", filledIn)}
      />
      <Field
        label="Password"
        type="password"
        autoComplete="current-password"
        error={errors.password?.message}
        {...form.register("password", filledIn)}
      />
      <FormError>{problem}</FormError>
      <Button type="submit" busy={(isSubmitting || leaving) && "Logging in …"}>
        Log in
      </Button>
    </form>
  );
}

function sentence(outcome: Awaited<ReturnType<typeof call>>): string {
  if (outcome.kind !== "failed") return "Check the fields above.";
  if (outcome.code === "no_active_account") return "That address and password don't belong together.";
  return outcome.detail;
}
