"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { ResetPasswordRequest } from "@/lib/contract/passwords.ts";
import { Button } from "./button.tsx";
import { Done } from "./done.tsx";
import { FormError } from "./form-error.tsx";
import { NarrowPage } from "./narrow-page.tsx";
import { NewPasswordField } from "./new-password-field.tsx";
import { NewResetLink } from "./new-reset-link.tsx";

type Props = { token: string; title: string; lead: ReactNode };

/**
 * The page that sets a new password by the secret of a link; where the link ended meanwhile, the way to a new one.
 * Its title and lead say what holds: what to do, and then what was done.
 */
export function ResetPasswordForm({ token, title, lead }: Props) {
  const form = useForm({ resolver: zodResolver(ResetPasswordRequest), defaultValues: { token } });
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState("");
  const [ended, setEnded] = useState("");
  const [done, setDone] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/password/reset", input);
    if (outcome.kind === "ok") return setDone(true);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    const { password, token: link } = outcome.fields;
    if (link) setEnded(link.join(" "));
    if (password) form.setError("password", { message: password.join(" ") }, { shouldFocus: true });
  });

  if (done) {
    return (
      <NarrowPage
        title="You have a new password"
        lead={<Done key="changed">Your password is changed. Every device is logged out.</Done>}
      >
        <Link href="/login" prefetch={false} className="self-start py-2 underline underline-offset-4">
          Log in
        </Link>
      </NarrowPage>
    );
  }
  if (ended) {
    return (
      <NarrowPage title="This link has ended">
        <FormError>{ended}</FormError>
        <NewResetLink token={token} autoFocus />
      </NarrowPage>
    );
  }
  return (
    <NarrowPage title={title} lead={lead}>
      <form method="post" action="/reset-password" onSubmit={submit} noValidate className="space-y-2">
        <NewPasswordField
          label="New password"
          related={[]}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <FormError>{problem}</FormError>
        <Button type="submit" busy={isSubmitting && "Saving …"}>
          Save the new password
        </Button>
      </form>
    </NarrowPage>
  );
}
