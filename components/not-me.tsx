"use client";

import { useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";
import { FormError } from "./form-error.tsx";
import { ResetPasswordForm } from "./reset-password-form.tsx";

/** One button that ends everything; opening the page has ended nothing yet. Then the way to a new password. */
export function NotMe({ token }: { token: string }) {
  const [resetToken, setResetToken] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function disown() {
    setBusy(true);
    const outcome = await call<{ reset_token: string }>("POST", "/api/not-me", { token });
    setBusy(false);
    if (outcome.kind === "ok") setResetToken(outcome.body.reset_token);
    else
      setProblem(
        outcome.kind === "failed" ? outcome.detail : (outcome.fields.token?.[0] ?? "This link is not whole."),
      );
  }

  if (resetToken !== null) {
    return (
      <>
        <p role="status" className="font-medium">
          Every device is logged out.
        </p>
        <ResetPasswordForm token={resetToken} />
      </>
    );
  }
  return (
    <div className="space-y-2">
      <Button look="danger" busy={busy && "Logging out …"} onClick={disown}>
        Log out everywhere
      </Button>
      <FormError>{problem}</FormError>
    </div>
  );
}
