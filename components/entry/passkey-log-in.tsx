"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { useInteractive } from "@/components/ui/use-interactive.ts";
import { PASSKEY_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { call } from "@/lib/browser/call.ts";
import {
  type Asked,
  knowsPasskeys,
  type Options,
  offerPasskeys,
  signWithPasskey,
} from "@/lib/browser/passkeys.ts";
import type { Onward } from "@/lib/contract/onward.ts";
import type { SignedCredential } from "@/lib/contract/passkeys.ts";

const NOT_TAKEN = "That passkey doesn't open an account here. Log in with your password instead.";
const GIVEN_UP = "No passkey was used. Try again, or log in with your password.";
/** What is offered is asked for anew before its time is over. */
const OFFERED_ANEW_MS = (PASSKEY_LIFETIME_SECONDS - 30) * 1000;

type Started = { challenge: string; options: Options };

/**
 * Logs in with a passkey alone: by a button, and among what the browser fills into the address field. What comes after
 * is a full load. One question is open at a time: `turn` tells an older one that it is over, and nothing is offered while
 * the button's own is open.
 */
export function PasskeyLogIn({ onward }: { onward: Onward }) {
  const interactive = useInteractive();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const turn = useRef(0);
  const prompting = useRef(false);

  async function answer(challenge: string, asked: Asked<SignedCredential>) {
    if (asked.kind !== "done") return setProblem(GIVEN_UP);
    setBusy(true);
    const outcome = await call("POST", "/api/token/passkey", { challenge, credential: asked.credential });
    if (outcome.kind === "ok") return window.location.replace(onward.done);
    const unknown = outcome.kind !== "failed" || outcome.code === "passkey_not_valid";
    setProblem(unknown ? NOT_TAKEN : outcome.detail);
  }
  async function logIn() {
    turn.current += 1;
    prompting.current = true;
    setBusy(true);
    setProblem("");
    const started = await call<Started>("POST", "/api/token/passkey/options");
    if (started.kind === "ok")
      await answer(started.body.challenge, await signWithPasskey(started.body.options));
    else if (started.kind === "failed") setProblem(started.detail);
    prompting.current = false;
    setBusy(false);
    void offer();
  }
  async function offer() {
    if (prompting.current) return;
    turn.current += 1;
    const mine = turn.current;
    let challenge = "";
    const asked = await offerPasskeys(async () => {
      const started = await call<Started>("POST", "/api/token/passkey/options");
      if (started.kind !== "ok" || mine !== turn.current) return null;
      challenge = started.body.challenge;
      return started.body.options;
    });
    if (asked.kind !== "done" || mine !== turn.current) return;
    await answer(challenge, asked);
    setBusy(false);
    void offer();
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is there
  useEffect(() => {
    void offer();
    const timer = setInterval(() => void offer(), OFFERED_ANEW_MS);
    return () => clearInterval(timer);
  }, []);

  if (interactive && !knowsPasskeys()) return null;
  return (
    <div className="space-y-2">
      <Button look="quiet" busy={busy && "Waiting for your passkey …"} onClick={logIn}>
        Use a passkey
      </Button>
      <FormError>{problem}</FormError>
    </div>
  );
}
