"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { InviteUserRequest } from "@/lib/contract/admin.ts";
import { Button } from "../button.tsx";
import { useConfirmed } from "../confirm-its-you.tsx";
import { EmailField } from "../email-field.tsx";
import { FormError } from "../form-error.tsx";

/** Makes an account for an address; its owner chooses the password by a link that is mailed to them. */
export function InviteForm() {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(InviteUserRequest),
    defaultValues: { email: "", role: "user" },
  });
  const { errors, isSubmitting } = form.formState;
  const { callConfirmed, dialog } = useConfirmed();
  const [problem, setProblem] = useState("");
  const [invited, setInvited] = useState("");

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    setInvited("");
    const outcome = await callConfirmed<{ email: string }>("POST", "/api/admin/users", input);
    if (outcome.kind === "ok") {
      setInvited(`${outcome.body.email} was invited.`);
      form.reset();
      router.refresh();
    } else if (outcome.kind === "failed") setProblem(outcome.detail);
    else
      form.setError(
        "email",
        { message: Object.values(outcome.fields).flat().join(" ") },
        { shouldFocus: true },
      );
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
