"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { EmailField } from "@/components/ui/email-field.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { NewPasswordField } from "@/components/ui/new-password-field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { call } from "@/lib/browser/call.ts";
import type { Onward } from "@/lib/contract/onward.ts";
import { REGISTRATION_CLOSED, RegisterRequest } from "@/lib/contract/registration.ts";

/** What a new account needs. Whether the address has one already is told by mail alone. */
export function RegisterForm({ onward }: { onward: Onward }) {
  const form = useForm({ resolver: zodResolver(RegisterRequest) });
  const related = useWatch({ control: form.control, name: ["email", "name"] });
  const [leaving, setLeaving] = useState(false);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => call("POST", "/api/register", input),
    words: { permission_denied: REGISTRATION_CLOSED },
    onDone() {
      setLeaving(true);
      window.location.assign(`/register/code${onward.query}`);
    },
  });

  return (
    <form method="post" action="/register" onSubmit={submit} noValidate className="space-y-2">
      <Field
        label="Name (optional)"
        type="text"
        autoComplete="name"
        error={errors.name?.message}
        {...form.register("name")}
      />
      <EmailField
        label="E-mail address"
        autoComplete="username"
        error={errors.email?.message}
        {...form.register("email")}
      />
      <NewPasswordField
        label="Password"
        related={related.map((word) => word ?? "")}
        error={errors.password?.message}
        {...form.register("password")}
      />
      <FormError>{problem}</FormError>
      <Button type="submit" busy={(isSubmitting || leaving) && "Sending a code …"}>
        Create an account
      </Button>
    </form>
  );
}
