"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { call } from "@/lib/browser/call.ts";
import { RenameRequest } from "@/lib/contract/profile.ts";

/** What the person is called; the page around it shows the new name as soon as it is saved. */
export function NameForm({ name }: { name: string }) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(RenameRequest), defaultValues: { name } });
  const [saved, setSaved] = useState(false);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send(input) {
      setSaved(false);
      return call<{ name: string }>("PATCH", "/api/me", input);
    },
    onDone({ name: savedName }) {
      form.reset({ name: savedName });
      setSaved(true);
      router.refresh();
    },
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
