"use client";

import "@/lib/browser/without-eval.ts";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { call } from "@/lib/browser/call.ts";
import type { InspectedToken } from "@/lib/contract/admin.ts";
import { InspectedTokenFacts } from "./inspected-token-facts.tsx";

const FORGOTTEN = "Its session is not known any more: it ended long ago, or the account was deleted.";

/** Tells whose a token is and why it is dead, by the token itself or by its `jti`. It is checked and not kept. */
export function InspectForm() {
  const form = useForm<{ text: string }>();
  const [token, setToken] = useState<InspectedToken | null>(null);
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send({ text }) {
      setToken(null);
      const typed = text.trim();
      const named = typed.includes(".") ? { token: typed } : { jti: typed };
      return call<InspectedToken>("POST", "/api/admin/tokens/inspect", named);
    },
    onDone: setToken,
    words: { not_found: FORGOTTEN },
  });

  return (
    <div className="space-y-4">
      <form method="post" action="/admin/tokens" onSubmit={submit} noValidate className="max-w-2xl space-y-2">
        <Field
          label="Token or jti"
          hint="It is checked and not stored; that you asked stands in the audit trail."
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.text?.message}
          {...form.register("text", { required: "Paste a token or its jti." })}
        />
        <FormError>{problem}</FormError>
        <Button type="submit" busy={isSubmitting && "Looking it up …"}>
          Look it up
        </Button>
      </form>
      <div role="status">{token && <InspectedTokenFacts token={token} />}</div>
    </div>
  );
}
