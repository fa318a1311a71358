"use client";

import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { useRouter } from "next/navigation";
import { useLayoutEffect, useRef, useState } from "react";
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
  const trigger = useHeadingAfter();

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
      <AlertDialog.Trigger asChild ref={trigger}>
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

/**
 * For a button that its own act may take from the page: as it goes, its focus moves to the heading it stood under,
 * instead of being lost.
 */
export function useHeadingAfter() {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const here = button.current;
    return () => {
      if (here && here === document.activeElement) focusHeadingOf(here);
    };
  }, []);
  return button;
}

/** The headings of a list's own items don't count: an item goes together with its button. */
function focusHeadingOf(button: HTMLElement): void {
  const isBefore = (heading: Element) =>
    Boolean(heading.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
  const headings = [...document.querySelectorAll<HTMLElement>("h1, h2")];
  const heading = headings.findLast((each) => !each.closest("li") && isBefore(each));
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}
