"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { DeleteAccountRequest } from "@/lib/contract/profile.ts";
import { Button } from "./button.tsx";
import { useConfirmed } from "./confirm-its-you.tsx";
import { DialogCancel } from "./dialog-cancel.tsx";
import { DialogPanel } from "./dialog-panel.tsx";
import { FormError } from "./form-error.tsx";
import { PasswordField } from "./password-field.tsx";

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
  const { errors, isSubmitting } = form.formState;
  const { callConfirmed, dialog } = useConfirmed();
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await callConfirmed<unknown>("DELETE", "/api/me", input, input);
    if (outcome.kind === "ok") {
      setLeaving(true);
      return window.location.assign("/login");
    }
    form.resetField("password");
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    const message = outcome.fields.password?.join(" ") ?? "";
    form.setError("password", { message }, { shouldFocus: true });
  });

  return (
    <>
      <form method="post" action="/account" onSubmit={submit} noValidate className="space-y-2">
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
