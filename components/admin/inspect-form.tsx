"use client";

import "@/lib/browser/without-eval.ts";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import type { InspectedToken } from "@/lib/contract/admin.ts";
import { Button } from "../button.tsx";
import { Field } from "../field.tsx";
import { FormError } from "../form-error.tsx";
import { InspectedTokenFacts } from "./inspected-token-facts.tsx";

/** Tells whose a token is and why it is dead, by the token itself or by its `jti`. It is judged and not kept. */
export function InspectForm() {
  const form = useForm<{ text: string }>();
  const [problem, setProblem] = useState("");
  const [token, setToken] = useState<InspectedToken | null>(null);

  const submit = form.handleSubmit(async ({ text }) => {
    setProblem("");
    setToken(null);
    const typed = text.trim();
    const named = typed.includes(".") ? { token: typed } : { jti: typed };
    const outcome = await call<InspectedToken>("POST", "/api/admin/tokens/inspect", named);
    if (outcome.kind === "ok") setToken(outcome.body);
    else if (outcome.kind === "failed") setProblem(outcome.detail);
    else setProblem(Object.values(outcome.fields).flat().join(" "));
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
          error={form.formState.errors.text?.message}
          {...form.register("text", { required: "Paste a token or its jti." })}
        />
        <FormError>{problem}</FormError>
        <Button type="submit" busy={form.formState.isSubmitting && "Looking it up …"}>
          Look it up
        </Button>
      </form>
      <div role="status">{token && <InspectedTokenFacts token={token} />}</div>
    </div>
  );
}
