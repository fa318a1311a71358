"use client";

import { useEffect, useRef, useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";

type Resent = { resend_in: number };
type Props<Sent extends Resent> = {
  path: string;
  /** Names the challenge, where no cookie does. */
  body?: unknown;
  resendIn: number;
  onSent?: (sent: Sent) => void;
};

/** Asks for another mail, counting down while that is too early. */
export function ResendCode<Sent extends Resent>({ path, body = {}, resendIn, onSent }: Props<Sent>) {
  const [wait, setWait] = useState(resendIn);
  const [news, setNews] = useState("");
  const [busy, setBusy] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  async function resend() {
    setBusy(true);
    const outcome = await call<Sent>("POST", path, body);
    setBusy(false);
    if (outcome.kind === "ok") {
      setWait(outcome.body.resend_in);
      onSent?.(outcome.body);
      setNews("A new code is on its way. The older one no longer works.");
      status.current?.focus();
    } else if (outcome.kind === "failed") {
      setNews(outcome.detail);
    }
  }

  return (
    <div className="space-y-1.5">
      <Button look="quiet" disabled={wait > 0} busy={busy && "Sending …"} onClick={resend}>
        {wait > 0 ? `Send again in ${wait} s` : "Send again"}
      </Button>
      <p ref={status} role="status" tabIndex={-1} className="min-h-6 text-small text-quiet">
        {news}
      </p>
    </div>
  );
}
