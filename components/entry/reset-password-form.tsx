"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { useForm } from "react-hook-form";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { AccountField } from "@/components/ui/account-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Done } from "@/components/ui/done.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { NewPasswordField } from "@/components/ui/new-password-field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { call } from "@/lib/browser/call.ts";
import { HOMEWARD, type Onward } from "@/lib/contract/onward.ts";
import { ResetPasswordRequest } from "@/lib/contract/passwords.ts";
import { NewResetLink } from "./new-reset-link.tsx";

type Props = { token: string; email: string; onward?: Onward; title: string; lead: ReactNode };

/**
 * The page that sets a new password by the secret of a link; where the link ended meanwhile, the way to a new one.
 * Its title and lead say what holds: what to do, and then what was done.
 */
export function ResetPasswordForm({ token, email, onward = HOMEWARD, title, lead }: Props) {
  const form = useForm({ resolver: zodResolver(ResetPasswordRequest), defaultValues: { token } });
  const [ended, setEnded] = useState("");
  const [done, setDone] = useState(false);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => call("POST", "/api/password/reset", input),
    onDone: () => setDone(true),
    onRefused(outcome) {
      if (outcome.kind === "fields") setEnded(outcome.fields.token?.join(" ") ?? "");
    },
  });

  if (done) {
    return (
      <NarrowPage
        title="You have a new password"
        lead={<Done key="changed">Your password is changed. Every device is logged out.</Done>}
      >
        <Link
          href={`/login${onward.query}`}
          prefetch={false}
          className="self-start py-2 underline underline-offset-4"
        >
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
        <AccountField email={email} />
        <NewPasswordField
          label="New password"
          related={[email]}
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
