"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { AccountField } from "@/components/ui/account-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { DialogCancel } from "@/components/ui/dialog-cancel.tsx";
import { DialogPanel } from "@/components/ui/dialog-panel.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { PasswordField } from "@/components/ui/password-field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { DeleteAccountRequest, LAST_ADMIN } from "@/lib/contract/profile.ts";

/** The way out for good: says what goes, and asks for the password before it does it. */
export function DeleteAccount() {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>
        <Button look="danger">Delete account</Button>
      </AlertDialog.Trigger>
      <DialogPanel
        title="Delete your account?"
        text="Your profile, devices, trusted devices and activity go at once, and every device is logged out. This can't be undone."
      >
        <PasswordForm />
      </DialogPanel>
    </AlertDialog.Root>
  );
}

function PasswordForm() {
  const form = useForm({ resolver: zodResolver(DeleteAccountRequest) });
  const { callConfirmed, dialog } = useConfirmed();
  const [leaving, setLeaving] = useState(false);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => callConfirmed<unknown>("DELETE", "/api/me", input, input),
    onDone() {
      setLeaving(true);
      window.location.assign("/login");
    },
    onRefused: () => form.resetField("password"),
    words: { permission_denied: LAST_ADMIN },
  });

  return (
    <>
      <form method="post" action="/account" onSubmit={submit} noValidate className="space-y-2">
        <AccountField />
        <PasswordField
          label="Your password"
          autoComplete="current-password"
          autoFocus
          error={errors.password?.message}
          {...form.register("password")}
        />
        <FormError>{problem}</FormError>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="danger" busy={(isSubmitting || leaving) && "Deleting …"}>
            Delete account
          </Button>
          <DialogCancel />
        </div>
      </form>
      {dialog}
    </>
  );
}
