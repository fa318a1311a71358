"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { useApiForm } from "./use-api-form.ts";
import { useInteractive } from "./use-interactive.ts";

const takeFocus = (button: HTMLButtonElement | null) => button?.focus();

type Props = {
  /** The call that takes a name. */
  path: string;
  name: string;
  /** What it is called as long as it has none. */
  kind: string;
  /** What the field is called. */
  label: string;
};

/** Lets a person call a thing of theirs something they recognise it by. The focus goes to the field and back to the button. */
export function Rename({ path, name, kind, label }: Props) {
  const router = useRouter();
  const interactive = useInteractive();
  const [state, setState] = useState<"untouched" | "editing" | "closed">("untouched");
  const form = useForm({ values: { name } });

  const { errors, isSubmitting, problem, setProblem, submit } = useApiForm(form, {
    send: (input) => call("PATCH", path, input),
    onDone() {
      setState("closed");
      router.refresh();
    },
    onRefused: () => form.setFocus("name"),
  });

  function cancel() {
    form.reset();
    setProblem("");
    setState("closed");
  }

  if (state !== "editing") {
    return (
      <button
        type="button"
        disabled={!interactive}
        aria-label={`${name ? "Rename" : "Name"} ${name || kind}`}
        ref={state === "closed" ? takeFocus : undefined}
        onClick={() => setState("editing")}
        className="min-h-6 text-small underline underline-offset-4"
      >
        {name ? "Rename" : "Give it a name"}
      </button>
    );
  }
  return (
    <form onSubmit={submit} onKeyDown={({ key }) => key === "Escape" && cancel()} className="max-w-xs pt-2">
      <Field
        label={label}
        autoComplete="off"
        autoFocus
        error={errors.name?.message ?? problem}
        {...form.register("name")}
      />
      <div className="flex gap-3">
        <Button type="submit" busy={isSubmitting && "Saving …"}>
          Save
        </Button>
        <Button look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
