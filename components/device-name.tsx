"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { Field } from "./field.tsx";
import { useInteractive } from "./use-interactive.ts";

const takeFocus = (button: HTMLButtonElement | null) => button?.focus();

type Props = {
  id: string;
  name: string;
  kind: string;
  /** Whether it is the device that shows this page. */
  current: boolean;
};

/** Lets a person call a device something they recognise it by. The focus goes to the field and back to the button. */
export function DeviceName({ id, name, kind, current }: Props) {
  const router = useRouter();
  const interactive = useInteractive();
  const [state, setState] = useState<"untouched" | "editing" | "closed">("untouched");
  const form = useForm({ values: { name } });

  const save = form.handleSubmit(async (input) => {
    const outcome = await call("PATCH", `/api/sessions/${id}`, input);
    if (outcome.kind === "fields")
      return form.setError("name", { message: outcome.fields.name?.join(" ") ?? "" }, { shouldFocus: true });
    if (outcome.kind === "failed") {
      return form.setError("name", { message: outcome.detail }, { shouldFocus: true });
    }
    setState("closed");
    router.refresh();
  });

  function cancel() {
    form.reset();
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
    <form onSubmit={save} onKeyDown={({ key }) => key === "Escape" && cancel()} className="max-w-xs pt-2">
      <Field
        label={current ? "Name of this device" : `Name of ${name || kind}`}
        autoComplete="off"
        autoFocus
        error={form.formState.errors.name?.message}
        {...form.register("name")}
      />
      <div className="flex gap-3">
        <Button type="submit" busy={form.formState.isSubmitting && "Saving …"}>
          Save
        </Button>
        <Button look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
