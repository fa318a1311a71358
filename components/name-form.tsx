"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { RenameRequest } from "@/lib/contract/profile.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { FormError } from "./form-error.tsx";

/** What the person is called; the page around it shows the new name as soon as it is saved. */
export function NameForm({ name }: { name: string }) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(RenameRequest), defaultValues: { name } });
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState("");
  const [saved, setSaved] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    setSaved(false);
    const outcome = await call<{ name: string }>("PATCH", "/api/me", input);
    if (outcome.kind === "ok") {
      form.reset({ name: outcome.body.name });
      setSaved(true);
      router.refresh();
    } else if (outcome.kind === "fields") {
      form.setError("name", { message: outcome.fields.name?.join(" ") ?? "" }, { shouldFocus: true });
    } else setProblem(outcome.detail);
  });

  return (
    <form method="post" action="/account" onSubmit={submit} noValidate className="max-w-md">
      <Field
        label="Name"
        autoComplete="name"
        hint="Shown on your pages and to administrators. You may leave it empty."
        error={errors.name?.message}
        {...form.register("name")}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" busy={isSubmitting && "Saving …"}>
          Save name
        </Button>
        <p role="status" className="text-small text-quiet">
          {saved && "Saved."}
        </p>
      </div>
      <FormError>{problem}</FormError>
    </form>
  );
}
