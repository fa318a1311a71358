"use client";

import { type ReactNode, useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { type Options, signWithPasskey } from "@/lib/browser/passkeys.ts";
import { Button } from "./button.tsx";
import { FormError } from "./form-error.tsx";
import { hasEnded } from "./proof-words.ts";

const GIVEN_UP = "No passkey was used. Try again, or choose another way.";

type Props = {
  /** The call that takes the answer. */
  path: string;
  challenge?: string;
  onRight: () => void;
  onEnded: () => void;
  children?: ReactNode;
};

/** Answers a challenge with a passkey of the person whose challenge it is. */
export function PasskeyProof({ path, challenge, onRight, onEnded, children }: Props) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  function stop(sentence: string) {
    setBusy(false);
    setProblem(sentence);
  }
  async function prove() {
    setBusy(true);
    setProblem("");
    const asked = await call<{ options: Options }>("POST", "/api/token/two-factor/passkey", { challenge });
    if (asked.kind === "failed" && hasEnded(asked)) return onEnded();
    if (asked.kind !== "ok") return stop(asked.kind === "failed" ? asked.detail : GIVEN_UP);
    const signed = await signWithPasskey(asked.body.options);
    if (signed.kind !== "done") return stop(GIVEN_UP);
    const { credential } = signed;
    const answer = { challenge, method: "passkey", credential };
    const outcome = await call("POST", path, answer);
    if (outcome.kind === "ok") return onRight();
    if (hasEnded(outcome)) return onEnded();
    stop(outcome.kind === "failed" ? outcome.detail : GIVEN_UP);
  }

  return (
    <div className="space-y-2">
      <FormError>{problem}</FormError>
      <div className="flex flex-wrap gap-3">
        <Button autoFocus busy={busy && "Waiting for your passkey …"} onClick={prove}>
          Use your passkey
        </Button>
        {children}
      </div>
    </div>
  );
}
