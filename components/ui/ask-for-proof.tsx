"use client";

import { useEffect, useState } from "react";
import { call } from "@/lib/browser/call.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { DialogCancel } from "./dialog-cancel.tsx";
import { FormError } from "./form-error.tsx";

type Props = {
  onAsked: (asked: StartedChallenge) => void;
  /** Why the person is back here. */
  news: string;
};

/** Begins a step-up of somebody with a strong factor: at once, and again when they ask for it after one that ended. */
export function AskForProof({ onAsked, news }: Props) {
  const [problem, setProblem] = useState(news);
  const [busy, setBusy] = useState(news === "");

  async function ask() {
    setBusy(true);
    setProblem("");
    const outcome = await call<StartedChallenge>("POST", "/api/token/step-up", {});
    setBusy(false);
    if (outcome.kind === "ok") onAsked(outcome.body);
    else if (outcome.kind === "failed") setProblem(outcome.detail);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => {
    if (news === "") void ask();
  }, []);

  return (
    <div className="space-y-2">
      <FormError>{problem}</FormError>
      <div className="flex flex-wrap gap-3">
        <Button busy={busy && "One moment …"} onClick={ask}>
          Start again
        </Button>
        <DialogCancel />
      </div>
    </div>
  );
}
