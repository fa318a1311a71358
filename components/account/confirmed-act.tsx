"use client";

import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useHeadingAfter } from "@/components/ui/confirm-button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { DialogCancel } from "@/components/ui/dialog-cancel.tsx";
import { DialogPanel } from "@/components/ui/dialog-panel.tsx";
import { FormError } from "@/components/ui/form-error.tsx";

type Props<Body> = {
  /** What the button says; the dialog's own button says it again. */
  label: string;
  /** More than the label, for people who hear buttons out of their place. */
  description?: string;
  title: string;
  text: string;
  busy: string;
  method: "POST" | "DELETE";
  path: string;
  onDone: (body: Body) => void;
};

/** A button whose act changes how a person logs in: it asks first, has them confirm that it's them, and then does it. */
export function ConfirmedAct<Body>({ label, description, title, text, busy, ...act }: Props<Body>) {
  const { callConfirmed, dialog } = useConfirmed();
  const [open, setOpen] = useState(false);
  const [acting, setActing] = useState(false);
  const [problem, setProblem] = useState("");
  const trigger = useHeadingAfter();

  async function confirm() {
    setActing(true);
    setProblem("");
    const outcome = await callConfirmed<Body>(act.method, act.path);
    setActing(false);
    if (outcome.kind === "failed" && outcome.code !== "not_found") return setProblem(outcome.detail);
    setOpen(false);
    if (outcome.kind === "ok") act.onDone(outcome.body);
  }

  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild ref={trigger}>
        <Button look="quiet" aria-label={description}>
          {label}
        </Button>
      </AlertDialog.Trigger>
      <DialogPanel title={title} text={text}>
        <FormError>{problem}</FormError>
        <div className="flex flex-wrap gap-3">
          <Button look="danger" busy={acting && busy} onClick={confirm}>
            {label}
          </Button>
          <DialogCancel />
        </div>
        {dialog}
      </DialogPanel>
    </AlertDialog.Root>
  );
}
