"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { ResetPasswordRequest } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { FormError } from "./form-error.tsx";
import { NewPasswordField } from "./new-password-field.tsx";

/** Sets a new password by the secret of a link. */
export function ResetPasswordForm({ token }: { token: string }) {
  const form = useForm({ resolver: zodResolver(ResetPasswordRequest) });
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/password/reset", input);
    if (outcome.kind === "ok") return setDone(true);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    const { password, token: link } = outcome.fields;
    if (link) setProblem(link.join(" "));
    if (password) form.setError("password", { message: password.join(" ") }, { shouldFocus: true });
  });

  if (done) {
    return (
      <p role="status">
        Your password is changed.{" "}
        <Link href="/login" prefetch={false} className="underline underline-offset-4">
          Log in
        </Link>
      </p>
    );
  }
  return (
    <form method="post" action="/reset-password" onSubmit={submit} noValidate className="space-y-2">
      <input type="hidden" value={token} {...form.register("token")} />
      <NewPasswordField
        label="New password"
        related={[]}
        error={errors.password?.message}
        {...form.register("password")}
      />
      <FormError>{problem || errors.token?.message}</FormError>
      <Button type="submit" busy={isSubmitting && "Saving …"}>
        Save the new password
      </Button>
    </form>
  );
}
