"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { RegisterRequest } from "@/lib/contract/registration.ts";
import { Button } from "./button.tsx";
import { EmailField } from "./email-field.tsx";
import { Field } from "./field.tsx";
import { FormError } from "./form-error.tsx";
import { NewPasswordField } from "./new-password-field.tsx";

/** What a new account needs. Whether the address has one already is told by mail alone. */
export function RegisterForm({ next }: { next: string }) {
  const form = useForm({ resolver: zodResolver(RegisterRequest) });
  const { errors, isSubmitting } = form.formState;
  const related = useWatch({ control: form.control, name: ["email", "name"] });
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/register", input);
    if (outcome.kind === "ok") {
      setLeaving(true);
      window.location.assign(`/register/code?next=${encodeURIComponent(next)}`);
    } else if (outcome.kind === "failed") {
      setProblem(outcome.detail);
    } else {
      const refused = (["email", "name", "password"] as const).filter((field) => outcome.fields[field]);
      for (const [place, field] of refused.entries()) {
        const message = outcome.fields[field]?.join(" ") ?? "";
        form.setError(field, { message }, { shouldFocus: place === 0 });
      }
    }
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
