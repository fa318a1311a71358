"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useInteractive } from "@/components/ui/use-interactive.ts";

/** Turns the e-mailed code on and off. It shows what holds, not what was asked for. */
export function TwoStepSwitch({ enabled }: { enabled: boolean }) {
  const router = useRouter();
  const interactive = useInteractive();
  const { callConfirmed, dialog } = useConfirmed();
  const [on, setOn] = useState(enabled);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function turn() {
    if (busy) return;
    setBusy(true);
    setProblem("");
    const outcome = await callConfirmed<{ email: boolean }>("PUT", "/api/two-factor/email", { enabled: !on });
    setBusy(false);
    if (outcome.kind === "failed") return setProblem(outcome.detail);
    if (outcome.kind === "ok") setOn(outcome.body.email);
    router.refresh();
  }

  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-4 rounded-xl border border-line bg-surface p-5">
        <div className="min-w-0 flex-1 basis-48 space-y-1">
          <p id="two-step-label" className="font-medium">
            Ask for a code by e-mail
          </p>
          <p id="two-step-words" className="text-small text-quiet">
            It protects you against a stolen password, not against a stolen mailbox.
          </p>
        </div>
        <button
          type="button"
          role="switch"
          aria-checked={on}
          aria-labelledby="two-step-label"
          aria-describedby="two-step-words"
          disabled={!interactive}
          onClick={turn}
          className="group flex min-h-11 shrink-0 items-center gap-3 rounded-lg"
        >
          <span aria-hidden="true" className="text-small text-quiet">
            {on ? "On" : "Off"}
          </span>
          <span
            aria-hidden="true"
            className="flex h-7 w-12 items-center rounded-full border border-quiet bg-ground p-1 transition-colors group-aria-checked:border-accent group-aria-checked:bg-accent"
          >
            <span className="size-4.5 rounded-full bg-quiet transition-transform group-aria-checked:translate-x-5 group-aria-checked:bg-on-accent" />
          </span>
        </button>
      </div>
      <FormError>{problem}</FormError>
      {dialog}
    </div>
  );
}
