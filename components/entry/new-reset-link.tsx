"use client";

import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { RESET_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { call } from "@/lib/browser/call.ts";
import { durationWords } from "@/lib/contract/number-words.ts";

/** One button that has another link mailed to the person of this one, who types no address again. */
export function NewResetLink({ token, autoFocus }: { token: string; autoFocus?: boolean }) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);

  async function ask() {
    setBusy(true);
    const outcome = await call("POST", "/api/password/forgot/again", { token });
    setBusy(false);
    if (outcome.kind === "ok") setAsked(true);
    else setProblem(outcome.kind === "failed" ? outcome.detail : "This link is not whole.");
  }

  if (asked) {
    return (
      <p role="status">
        A new link is on its way to the same address, if the account is still there. It works for{" "}
        {durationWords(RESET_LIFETIME_SECONDS)}.
      </p>
    );
  }
  return (
    <div className="space-y-2">
      <Button busy={busy && "Sending …"} onClick={ask} autoFocus={autoFocus}>
        Send a new link
      </Button>
      <FormError>{problem}</FormError>
      <Link
        href="/forgot-password"
        prefetch={false}
        className="inline-block py-2 underline underline-offset-4"
      >
        Use another address
      </Link>
    </div>
  );
}
