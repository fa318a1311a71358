"use client";

import { useEffect, useRef, useState } from "react";
import { secondsAfter, systemClock } from "@/lib/base/clock.ts";
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

/** Asks for another mail, counting down while that is too early, by the clock: a phone may sleep meanwhile. */
export function ResendCode<Sent extends Resent>({ path, body = {}, resendIn, onSent }: Props<Sent>) {
  const [period, setPeriod] = useState({ seconds: resendIn });
  const [wait, setWait] = useState(resendIn);
  const [news, setNews] = useState("");
  const [busy, setBusy] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    const allowed = secondsAfter(systemClock.now(), period.seconds);
    const timer = setInterval(tell, 1000);
    function tell() {
      const left = Math.ceil((allowed.getTime() - systemClock.now().getTime()) / 1000);
      setWait(Math.max(0, left));
      if (left <= 0) clearInterval(timer);
    }
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [period]);

  async function resend() {
    setBusy(true);
    const outcome = await call<Sent>("POST", path, body);
    setBusy(false);
    if (outcome.kind === "ok") {
      setPeriod({ seconds: outcome.body.resend_in });
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
