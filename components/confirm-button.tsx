"use client";

import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { DialogCancel } from "./dialog-cancel.tsx";
import { DialogPanel } from "./dialog-panel.tsx";
import { FormError } from "./form-error.tsx";

type Props = {
  /** What the button says; the dialog's own button says it again. */
  label: string;
  /** More than the label, for people who hear buttons out of their place. */
  description?: string;
  look?: "quiet" | "danger";
  title: string;
  text: string;
  busy: string;
  method: "POST" | "DELETE";
  path: string;
  body?: unknown;
  /** Where a full load leads afterwards; without it the page shows itself anew. */
  leaveTo?: string;
};

/** A button whose act can't be undone: it asks first, says what will happen, and then does it. */
export function ConfirmButton({ label, description, look = "quiet", title, text, ...act }: Props) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function confirm() {
    setBusy(true);
    setProblem("");
    const outcome = await call(act.method, act.path, act.body);
    if (outcome.kind === "ok" && act.leaveTo) return window.location.assign(act.leaveTo);
    setBusy(false);
    if (outcome.kind === "failed" && outcome.code !== "not_found") return setProblem(outcome.detail);
    setOpen(false);
    router.refresh();
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild>
        <Button look={look} aria-label={description}>
          {label}
        </Button>
      </AlertDialog.Trigger>
      <DialogPanel title={title} text={text}>
        <FormError>{problem}</FormError>
        <div className="flex flex-wrap gap-3">
          <Button look="danger" busy={busy && act.busy} onClick={confirm}>
            {label}
          </Button>
          <DialogCancel />
        </div>
      </DialogPanel>
    </AlertDialog.Root>
  );
}
