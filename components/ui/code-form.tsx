"use client";

import { type ClipboardEvent, type ReactNode, useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { TRUSTED_DEVICE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { call } from "@/lib/browser/call.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import type { Method } from "@/lib/contract/two-factor.ts";
import { findCode, isTypedCode } from "@/lib/contract/typed-code.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { hasEnded, isWrong, sentenceFor, TYPED } from "./proof-words.ts";
import { alone, submitting } from "./submitting.ts";

const NOT_WHOLE = { kind: "fields", fields: {} } as const;

type Values = { code: string; trust_device?: boolean };

type Props = {
  /** The call that verifies the code. */
  path: string;
  /** What the code is of; left out where nothing else is taken. */
  method?: Exclude<Method, "passkey">;
  /** What names the challenge, where no cookie does. */
  challenge?: string;
  /** The page this stands on. */
  page: string;
  /** What the button says. */
  label: string;
  hint?: string;
  /** Offers to skip the code on this device from now on. */
  trust?: boolean;
  onRight: () => void;
  /** The challenge has expired, was used, or has no try left. */
  onEnded: () => void;
  /** Further buttons beside the first. */
  children?: ReactNode;
};

/**
 * One field for a code, sent as soon as it is whole, six digits out of a pasted sentence too; a wrong code keeps the
 * person where they are. Once it is right, or can't be any more, the form stays busy: whoever shows it takes it away or
 * leaves the page.
 */
export function CodeForm({ path, method, challenge, page, trust = false, ...rest }: Props) {
  const { label, isWhole, notWhole, keys } = TYPED[method ?? "email"];
  const form = useForm<Values>();
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState(false);
  const busy = form.formState.isSubmitting || leaving;

  const submit = submitting(form, async (input) => {
    setProblem("");
    const outcome = isWhole(input.code)
      ? await call("POST", path, { ...input, method, challenge })
      : NOT_WHOLE;
    if (outcome.kind === "ok" || hasEnded(outcome)) setLeaving(true);
    if (outcome.kind === "ok") return rest.onRight();
    if (hasEnded(outcome)) return rest.onEnded();
    if (isWrong(outcome)) form.resetField("code");
    setProblem(sentenceFor(outcome, notWhole));
    form.setFocus("code");
  });
  const code = form.register("code", {
    onChange: ({ target }) => {
      if (!busy && isWhole(target.value)) void submit();
    },
  });
  function takeFromSentence(event: ClipboardEvent) {
    const pasted = event.clipboardData.getData("text");
    const found = isWhole(pasted) || isWhole !== isTypedCode ? null : findCode(pasted);
    if (busy || found === null) return;
    event.preventDefault();
    form.setValue("code", found);
    void submit();
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for a code that was typed before this page's scripts ran
  useEffect(() => {
    if (isWhole(form.getValues("code") ?? "")) void submit();
  }, []);

  return (
    <form method="post" action={page} onSubmit={alone(submit)} noValidate className="space-y-2">
      <Field
        label={label}
        type="text"
        {...keys}
        autoFocus
        onPaste={takeFromSentence}
        hint={rest.hint}
        error={problem}
        {...code}
      />
      {trust && (
        <label className="flex min-h-11 items-center gap-3">
          <input type="checkbox" className="size-5 accent-accent" {...form.register("trust_device")} />
          Trust this device for {durationWords(TRUSTED_DEVICE_LIFETIME_SECONDS)}
        </label>
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy && "Checking …"}>
          {rest.label}
        </Button>
        {rest.children}
      </div>
    </form>
  );
}
