"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { AccountField } from "@/components/ui/account-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { EmailField } from "@/components/ui/email-field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { PasswordField } from "@/components/ui/password-field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { ChangeEmailRequest } from "@/lib/contract/email-change.ts";
import type { AwaitedCode } from "@/lib/contract/two-factor.ts";

/** Asks for the new address and the password, which also confirms that it's them. */
export function ChangeEmailForm({ onSent }: { onSent: (sent: AwaitedCode) => void }) {
  const form = useForm({ resolver: zodResolver(ChangeEmailRequest) });
  const { callConfirmed, dialog } = useConfirmed();
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => callConfirmed<AwaitedCode>("POST", "/api/email/change", input, input),
    onDone: onSent,
  });

  return (
    <>
      <form method="post" action="/account/security" onSubmit={submit} noValidate className="space-y-2">
        <EmailField
          label="New e-mail address"
          autoComplete="email"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <AccountField />
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
