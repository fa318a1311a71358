"use client";

import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { type Called, call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";

const NOT_WHOLE = { kind: "fields", fields: {} } as const;

type Values = { code: string; trust_device?: boolean };

type Props = {
  /** The call that judges the code. */
  path: string;
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
 * One field for the six digits, sent as soon as they are there; a wrong code keeps the person where they are. Once it
 * is right, or can't be any more, the form stays busy: whoever shows it takes it away or leaves the page.
 */
export function CodeForm({ path, challenge, page, trust = false, ...rest }: Props) {
  const form = useForm<Values>();
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState(false);
  const busy = form.formState.isSubmitting || leaving;

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = isWhole(input.code) ? await call("POST", path, { ...input, challenge }) : NOT_WHOLE;
    if (outcome.kind === "ok" || hasEnded(outcome)) setLeaving(true);
    if (outcome.kind === "ok") return rest.onRight();
    if (hasEnded(outcome)) return rest.onEnded();
    if (isWrong(outcome)) form.resetField("code");
    setProblem(sentence(outcome));
    form.setFocus("code");
  });
  const code = form.register("code", {
    onChange: ({ target }) => {
      if (!busy && isWhole(target.value)) void submit();
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for a code that was typed before this page's scripts ran
  useEffect(() => {
    if (isWhole(form.getValues("code") ?? "")) void submit();
  }, []);

  return (
    <form method="post" action={page} onSubmit={alone(submit)} noValidate className="space-y-2">
      <Field
        label="Code"
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={20}
        autoFocus
        hint={rest.hint}
        error={problem}
        {...code}
      />
      {trust && (
        <label className="flex min-h-11 items-center gap-3">
          <input type="checkbox" className="size-5 accent-accent" {...form.register("trust_device")} />
          Trust this device for 30 days
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

/** In a dialog React lets the event rise to the form that opened it, which must not be sent with this one. */
export function alone(submit: (event: FormEvent) => Promise<void>) {
  return (event: FormEvent) => {
    event.stopPropagation();
    void submit(event);
  };
}

/** Six characters besides the spaces and dashes that people type. */
function isWhole(code: string): boolean {
  return code.replace(/[\s\p{Pd}]/gu, "").length === 6;
}

function hasEnded(outcome: Called<unknown>): boolean {
  if (outcome.kind !== "failed") return false;
  return outcome.code === "challenge_not_valid" || (isWrong(outcome) && outcome.facts.attempts_left === 0);
}

function isWrong(outcome: Called<unknown>): boolean {
  return outcome.kind === "failed" && outcome.code === "code_not_valid";
}

function sentence(outcome: Exclude<Called<unknown>, { kind: "ok" }>): string {
  if (outcome.kind === "fields") return "Enter the six digits from the e-mail.";
  if (!isWrong(outcome)) return outcome.detail;
  const left = outcome.facts.attempts_left;
  return `That code is not right. ${left === 1 ? "One try is left." : `${left} tries are left.`}`;
}
