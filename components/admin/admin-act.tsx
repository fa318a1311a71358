"use client";

import "@/lib/browser/without-eval.ts";
import { zodResolver } from "@hookform/resolvers/zod";
import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { useHeadingAfter } from "@/components/ui/confirm-button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { DialogCancel } from "@/components/ui/dialog-cancel.tsx";
import { DialogPanel } from "@/components/ui/dialog-panel.tsx";
import { Field } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { AdminActRequest, RequiredReason } from "@/lib/contract/admin.ts";

type Act = {
  /** What the button says; the dialog's own button says it again. */
  label: string;
  /** More than the label, for people who hear buttons out of their place. */
  description?: string;
  look?: "quiet" | "danger";
  title: string;
  text: string;
  method: "POST" | "PATCH" | "DELETE";
  path: string;
  body?: Record<string, unknown>;
  reasonRequired?: boolean;
  /** Told what the call answered. */
  onDone?: (body: unknown) => void;
  /** Told the same once the dialog is gone: what it shows takes the focus, which else goes back to the button. */
  onClosed?: (body: unknown) => void;
};

/** An act of an admin on somebody else: says what will happen, asks why, and puts both on record. */
export function AdminAct({ label, description, look = "quiet", title, text, onDone, onClosed, ...act }: Act) {
  const [open, setOpen] = useState(false);
  const answer = useRef<{ body: unknown } | null>(null);
  const trigger = useHeadingAfter();
  const finish = (body: unknown) => {
    answer.current = { body };
    setOpen(false);
    onDone?.(body);
  };
  const settleFocus = (event: Event) => {
    if (!onClosed || !answer.current) return;
    event.preventDefault();
    onClosed(answer.current.body);
    answer.current = null;
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild ref={trigger}>
        <Button look={look} aria-label={description}>
          {label}
        </Button>
      </AlertDialog.Trigger>
      <DialogPanel title={title} text={text} onCloseAutoFocus={settleFocus}>
        <ReasonForm {...act} label={label} onDone={finish} />
      </DialogPanel>
    </AlertDialog.Root>
  );
}

type ReasonFormProps = Pick<Act, "label" | "method" | "path" | "body" | "reasonRequired"> & {
  onDone(body: unknown): void;
};

function ReasonForm({ label, method, path, body, reasonRequired = false, onDone }: ReasonFormProps) {
  const router = useRouter();
  const form = useForm<{ reason?: string | undefined }>({
    resolver: zodResolver(reasonRequired ? RequiredReason : AdminActRequest),
  });
  const { callConfirmed, dialog } = useConfirmed();
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: ({ reason }) => callConfirmed<unknown>(method, path, { ...body, ...(reason && { reason }) }),
    onDone(answer) {
      onDone(answer);
      router.refresh();
    },
  });

  return (
    <>
      <form method="post" action={path} onSubmit={submit} noValidate className="space-y-2">
        <Field
          label={reasonRequired ? "Reason" : "Reason (may be left empty)"}
          hint="It stands in the audit trail, which only administrators see."
          autoComplete="off"
          autoFocus
          error={errors.reason?.message}
          {...form.register("reason")}
        />
        <FormError>{problem}</FormError>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="danger" busy={isSubmitting && "Working …"}>
            {label}
          </Button>
          <DialogCancel />
        </div>
      </form>
      {dialog}
    </>
  );
}
