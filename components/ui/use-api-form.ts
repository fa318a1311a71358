import { useState } from "react";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import type { Called } from "@/lib/browser/call.ts";
import { submitting } from "./submitting.ts";

type Refused = Exclude<Called<unknown>, { kind: "ok" }>;
type Acts<Values, Body> = {
  send: (input: Values) => Promise<Called<Body>>;
  onDone: (body: Body, input: Values) => void;
  /** Called before what is wrong is shown. */
  onRefused?: (outcome: Refused) => void;
  /** What this form says of a failure in place of what is said everywhere. */
  words?: Partial<Record<Extract<Refused, { kind: "failed" }>["code"], string>>;
  /** A problem that there is from the start. */
  news?: string;
};

/**
 * Sends a form to the API. What is wrong with a field of it stands beside that field, the first of them with the focus;
 * whatever else is wrong is `problem`.
 */
export function useApiForm<Values extends FieldValues, Body>(
  form: UseFormReturn<Values>,
  { send, onDone, onRefused, words, news = "" }: Acts<Values, Body>,
) {
  const { errors, isSubmitting } = form.formState;
  const [problem, setProblem] = useState(news);

  const submit = submitting(form, async (input) => {
    setProblem("");
    const outcome = await send(input);
    if (outcome.kind === "ok") return onDone(outcome.body, input);
    onRefused?.(outcome);
    if (outcome.kind === "failed") return setProblem(words?.[outcome.code] ?? outcome.detail);
    const known = Object.keys(form.getValues());
    const wrong = known.filter((name) => outcome.fields[name]);
    for (const [place, name] of wrong.entries()) {
      const message = outcome.fields[name]?.join(" ") ?? "";
      form.setError(name as Path<Values>, { message }, { shouldFocus: place === 0 });
    }
    const others = Object.entries(outcome.fields).filter(([name]) => !known.includes(name));
    setProblem(others.flatMap(([, sentences]) => sentences).join(" "));
  });

  return { errors, isSubmitting, problem, setProblem, submit };
}
