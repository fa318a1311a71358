"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { EmailField } from "@/components/ui/email-field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { InviteUserRequest } from "@/lib/contract/admin.ts";

/** Makes an account for an address; its owner chooses the password by a link that is mailed to them. */
export function InviteForm() {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(InviteUserRequest),
    defaultValues: { email: "", role: "user" },
  });
  const { callConfirmed, dialog } = useConfirmed();
  const [invited, setInvited] = useState("");
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send(input) {
      setInvited("");
      return callConfirmed<{ email: string }>("POST", "/api/admin/users", input);
    },
    onDone({ email }) {
      setInvited(`${email} was invited.`);
      form.reset();
      router.refresh();
    },
  });

  return (
    <>
      <form method="post" action="/admin/users" onSubmit={submit} noValidate className="max-w-md space-y-2">
        <EmailField
          label="E-mail address"
          autoComplete="off"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            className="size-5 accent-accent"
            onChange={({ target }) => form.setValue("role", target.checked ? "admin" : "user")}
          />
          As an administrator
        </label>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button type="submit" busy={isSubmitting && "Inviting …"}>
            Invite
          </Button>
          <p role="status" className="text-small text-quiet">
            {invited}
          </p>
        </div>
        <FormError>{problem}</FormError>
      </form>
      {dialog}
    </>
  );
}
