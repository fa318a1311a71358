"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";
import { AccountField } from "@/components/ui/account-field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Done } from "@/components/ui/done.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { NewPasswordField } from "@/components/ui/new-password-field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { call } from "@/lib/browser/call.ts";
import { AcceptInvitationRequest } from "@/lib/contract/registration.ts";

/** The page that sets the first password of an invited person by the secret of their link. */
export function AcceptInvitationForm({ token, email }: { token: string; email: string }) {
  const form = useForm({ resolver: zodResolver(AcceptInvitationRequest) });
  const name = useWatch({ control: form.control, name: "name" });
  const [done, setDone] = useState(false);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => call("POST", "/api/invitation/accept", input),
    onDone: () => setDone(true),
  });

  if (done) {
    return (
      <NarrowPage title="Welcome" lead={<Done>Your account is ready.</Done>}>
        <Link href="/login" prefetch={false} className="self-start py-2 underline underline-offset-4">
          Log in
        </Link>
      </NarrowPage>
    );
  }
  return (
    <NarrowPage
      title="Choose a password"
      lead="An administrator made an account for you. Choose its password, and it is yours."
    >
      <form method="post" action="/accept-invitation" onSubmit={submit} noValidate className="space-y-2">
        <input type="hidden" value={token} {...form.register("token")} />
        <Field
          label="Name (optional)"
          type="text"
          autoComplete="name"
          error={errors.name?.message}
          {...form.register("name")}
        />
        <AccountField email={email} />
        <NewPasswordField
          label="Password"
          related={[email, name ?? ""]}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <FormError>{problem || errors.token?.message}</FormError>
        <Button type="submit" busy={isSubmitting && "Saving …"}>
          Save the password
        </Button>
      </form>
    </NarrowPage>
  );
}
