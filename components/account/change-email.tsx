"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { CodeForm } from "@/components/ui/code-form.tsx";
import { ResendCode } from "@/components/ui/resend-code.tsx";
import { UNDO_EMAIL_CHANGE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import type { AwaitedCode } from "@/lib/contract/two-factor.ts";
import { ChangeEmailForm } from "./change-email-form.tsx";

/** Changes the address in two steps: a form, and the code from the mail to the new address. */
export function ChangeEmail({ email }: { email: string }) {
  const router = useRouter();
  const [sent, setSent] = useState<AwaitedCode | null>(null);
  const [news, setNews] = useState("");
  const status = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    if (news) status.current?.focus();
  }, [news]);

  function leaveCode(words: string) {
    setSent(null);
    setNews(words);
  }
  function finish() {
    leaveCode(
      `Your address is changed. We told the old one. For ${durationWords(UNDO_EMAIL_CHANGE_LIFETIME_SECONDS)} it can be undone by mail from the address before. No device is trusted any more.`,
    );
    router.refresh();
  }

  return (
    <div className="max-w-md space-y-4">
      {sent ? (
        <>
          <CodeForm
            path="/api/email/change/verify"
            challenge={sent.challenge}
            page="/account/security"
            label="Confirm the new address"
            hint={`We sent it to ${sent.sent_to}. Your address stays as it is until you type it here.`}
            onRight={finish}
            onEnded={() =>
              leaveCode(
                "That code has expired, was used, or was tried too often, so nothing was changed. Start again.",
              )
            }
          >
            <Button look="quiet" onClick={() => leaveCode("Nothing was changed.")}>
              Cancel
            </Button>
          </CodeForm>
          <ResendCode
            path="/api/email/change/resend"
            body={{ challenge: sent.challenge }}
            resendIn={sent.resend_in}
          />
        </>
      ) : (
        <ChangeEmailForm
          key={email}
          onSent={(started) => {
            setNews("");
            setSent(started);
          }}
        />
      )}
      <p ref={status} role="status" tabIndex={-1} className="text-small">
        {news}
      </p>
    </div>
  );
}
