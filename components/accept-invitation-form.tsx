"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import Link from "next/link";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { AcceptInvitationRequest } from "@/lib/contract/registration.ts";
import { Button } from "./button.tsx";
import { Done } from "./done.tsx";
import { Field } from "./field.tsx";
import { FormError } from "./form-error.tsx";
import { NarrowPage } from "./narrow-page.tsx";
import { NewPasswordField } from "./new-password-field.tsx";

/** The page that sets the first password of an invited person by the secret of their link. */
export function AcceptInvitationForm({ token }: { token: string }) {
  const form = useForm({ resolver: zodResolver(AcceptInvitationRequest) });
  const { errors, isSubmitting } = form.formState;
  const name = useWatch({ control: form.control, name: "name" });
  const [problem, setProblem] = useState("");
  const [done, setDone] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", "/api/invitation/accept", input);
    if (outcome.kind === "ok") return setDone(true);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    const { password, token: link } = outcome.fields;
    if (link) setProblem(link.join(" "));
    if (password) form.setError("password", { message: password.join(" ") }, { shouldFocus: true });
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
        <NewPasswordField
          label="Password"
          related={[name ?? ""]}
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
