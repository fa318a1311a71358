"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useEffect, useRef, useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { ChangePasswordRequest } from "@/lib/contract/passwords.ts";
import { Button } from "./button.tsx";
import { FormError } from "./form-error.tsx";
import { NewPasswordField } from "./new-password-field.tsx";
import { PasswordField } from "./password-field.tsx";

/** Changes the password of whoever is logged in. The hidden address tells password managers which entry to change. */
export function ChangePasswordForm({ email, name }: { email: string; name: string }) {
  const form = useForm({ resolver: zodResolver(ChangePasswordRequest) });
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState("");
  const [changes, setChanges] = useState(0);
  const [done, setDone] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    if (changes > 0) status.current?.focus();
  }, [changes]);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/password/change", input);
    if (outcome.kind === "ok") {
      form.reset();
      setDone(true);
      return setChanges(changes + 1);
    }
    setDone(false);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    const { current_password: current, new_password: next } = outcome.fields;
    if (next) form.setError("new_password", { message: next.join(" ") }, { shouldFocus: true });
    if (current) form.setError("current_password", { message: current.join(" ") }, { shouldFocus: true });
  });

  return (
    <form
      method="post"
      action="/account/security"
      onSubmit={submit}
      noValidate
      className="max-w-md space-y-2"
    >
      <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
      <PasswordField
        label="Current password"
        autoComplete="current-password"
        error={errors.current_password?.message}
        {...form.register("current_password")}
      />
      <NewPasswordField
        key={changes}
        label="New password"
        related={[email, name]}
        error={errors.new_password?.message}
        {...form.register("new_password")}
      />
      <FormError>{problem}</FormError>
      <Button type="submit" busy={isSubmitting && "Saving …"}>
        Change the password
      </Button>
      <p ref={status} role="status" tabIndex={-1} className="min-h-6 text-small">
        {done && "Your password is changed, and every other device is logged out."}
      </p>
    </form>
  );
}
