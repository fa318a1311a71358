"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useEffect, useRef, useState } from "react";
import { useForm } from "react-hook-form";
import { AccountField } from "@/components/ui/account-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { NewPasswordField } from "@/components/ui/new-password-field.tsx";
import { PasswordField } from "@/components/ui/password-field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { call } from "@/lib/browser/call.ts";
import { ChangePasswordRequest } from "@/lib/contract/passwords.ts";

/** Changes the password of whoever is logged in. */
export function ChangePasswordForm({ email, name }: { email: string; name: string }) {
  const form = useForm({ resolver: zodResolver(ChangePasswordRequest) });
  const [changes, setChanges] = useState(0);
  const [done, setDone] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    if (changes > 0) status.current?.focus();
  }, [changes]);

  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => call("POST", "/api/password/change", input),
    onDone() {
      form.reset();
      setDone(true);
      setChanges(changes + 1);
    },
    onRefused: () => setDone(false),
  });

  return (
    <form
      method="post"
      action="/account/security"
      onSubmit={submit}
      noValidate
      className="max-w-md space-y-2"
    >
      <AccountField />
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
