"use client";

import { useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import { type Called, call } from "@/lib/browser/call.ts";
import { waitSentence } from "@/lib/browser/wait-sentence.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { ResendCode } from "./resend-code.tsx";

type Values = { code: string; trust_device?: boolean };

/** What a code completes: its calls, its page, and what people read there. */
const PURPOSES = {
  "log-in": { path: "/api/token/two-factor", page: "/login/code", act: "Log in", startAgain: "Log in again" },
  register: {
    path: "/api/register/verify",
    page: "/register/code",
    act: "Create the account",
    startAgain: "Start again",
  },
};
const RESEND_PATHS = { "log-in": "/api/token/two-factor/resend", register: "/api/register/resend" };

type Props = { purpose: keyof typeof PURPOSES; next: string; resendIn: number };

/** One field for the six digits, sent as soon as they are there; a wrong code keeps the person where they are. */
export function CodeForm({ purpose, next, resendIn }: Props) {
  const { path, page, act, startAgain } = PURPOSES[purpose];
  const form = useForm<Values>();
  const [problem, setProblem] = useState("");
  const [leaving, setLeaving] = useState(false);

  const submit = form.handleSubmit(async (input) => {
    setProblem("");
    const outcome = await call("POST", path, input);
    if (outcome.kind === "ok" || hasEnded(outcome)) {
      setLeaving(true);
      if (outcome.kind === "ok") window.location.assign(next);
      else window.location.reload();
      return;
    }
    setProblem(sentence(outcome, startAgain));
    form.resetField("code");
    form.setFocus("code");
  });
  const code = form.register("code", {
    onChange: ({ target }) => {
      if (isWhole(target.value)) void submit();
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for a code that was typed before this page's scripts ran
  useEffect(() => {
    if (isWhole(form.getValues("code") ?? "")) void submit();
  }, []);

  return (
    <div className="space-y-4">
      <form method="post" action={page} onSubmit={submit} noValidate className="space-y-2">
        <Field
          label="Code"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          autoFocus
          error={problem}
          {...code}
        />
        {purpose === "log-in" && (
          <label className="flex min-h-11 items-center gap-3">
            <input type="checkbox" className="size-5 accent-accent" {...form.register("trust_device")} />
            Trust this device for 30 days
          </label>
        )}
        <Button type="submit" busy={(form.formState.isSubmitting || leaving) && "Checking …"}>
          {act}
        </Button>
      </form>
      <ResendCode path={RESEND_PATHS[purpose]} resendIn={resendIn} />
    </div>
  );
}

/** Six characters besides the spaces and dashes that people type. */
function isWhole(code: string): boolean {
  return code.replace(/[\s-]/g, "").length === 6;
}

function hasEnded(outcome: Called<unknown>): boolean {
  return outcome.kind === "failed" && outcome.code === "challenge_not_valid";
}

function sentence(outcome: Called<unknown>, startAgain: string): string {
  if (outcome.kind === "fields") return "Enter the six digits from the e-mail.";
  if (outcome.kind === "ok") return "";
  if (outcome.code === "throttled") return waitSentence(outcome.detail);
  const left = Number(outcome.facts.attempts_left ?? 0);
  if (outcome.code !== "code_not_valid") return outcome.detail;
  if (left === 0) return `That code is not right. ${startAgain} for a new one.`;
  return `That code is not right. ${left === 1 ? "One try is left." : `${left} tries are left.`}`;
}
