"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { ConfirmedAct } from "./confirmed-act.tsx";
import { type Secret, SetUpApp } from "./set-up-app.tsx";

type Props = { on: boolean; onChanged: (news: string, codes?: string[]) => void };

/** The authenticator app of a person: none, waiting for its first code, or in use. */
export function AuthenticatorApp({ on, onChanged }: Props) {
  const { callConfirmed, dialog } = useConfirmed();
  const [waiting, setWaiting] = useState<Secret | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function start() {
    setBusy(true);
    setProblem("");
    const outcome = await callConfirmed<Secret>("POST", "/api/two-factor/totp");
    setBusy(false);
    if (outcome.kind === "ok") setWaiting(outcome.body);
    else if (outcome.kind === "failed") setProblem(outcome.detail);
  }

  if (waiting)
    return (
      <SetUpApp
        secret={waiting}
        onCancel={() => setWaiting(null)}
        onDone={({ recovery_codes: codes }) => {
          setWaiting(null);
          onChanged("Your authenticator app is set up. A log-in asks for its code from now on.", codes);
        }}
      />
    );
  return (
    <div className="space-y-2">
      <FormError>{problem}</FormError>
      <div className="flex flex-wrap gap-3">
        <Button look={on ? "quiet" : "primary"} busy={busy && "One moment …"} onClick={start}>
          {on ? "Use another app" : "Set up an app"}
        </Button>
        {on && (
          <ConfirmedAct
            label="Remove"
            description="Remove the authenticator app"
            title="Remove the authenticator app?"
            text="Its codes open your account no more. With your last strong factor your recovery codes go too."
            busy="Removing …"
            method="DELETE"
            path="/api/two-factor/totp"
            onDone={() => onChanged("The authenticator app is removed.")}
          />
        )}
      </div>
      {dialog}
    </div>
  );
}
