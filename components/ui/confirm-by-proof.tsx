"use client";

import type { AwaitedCode, StartedChallenge } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { DialogCancel } from "./dialog-cancel.tsx";
import { ResendCode } from "./resend-code.tsx";
import { SecondStep } from "./second-step.tsx";

const PATH = "/api/token/step-up";
const ENDED =
  "That code has expired, was used, or was tried too often. Ask for a new one, or type the password.";
const TOO_LATE = "That took too long, or was tried too often. Start again.";

type Props = {
  asked: StartedChallenge;
  /** Another code was asked for: its challenge takes this one's place. */
  onAsked: (asked: StartedChallenge) => void;
  onConfirmed: () => void;
  /** Back to where this began, by choice or because the challenge has ended. */
  onBack: (news: string) => void;
};

/** Confirms with what the challenge asks for: a code from the mail, or a strong factor. */
export function ConfirmByProof({ asked, onAsked, onConfirmed, onBack }: Props) {
  const { sent_to: sentTo } = asked;
  return (
    <div className="space-y-4">
      <SecondStep
        methods={asked.methods}
        path={PATH}
        challenge={asked.challenge}
        page="/account/security"
        label="Confirm"
        {...(sentTo !== undefined && { hint: `We sent it to ${sentTo}.` })}
        onRight={onConfirmed}
        onEnded={() => onBack(sentTo === undefined ? TOO_LATE : ENDED)}
      >
        {sentTo !== undefined && (
          <Button look="quiet" onClick={() => onBack("")}>
            Use the password
          </Button>
        )}
        <DialogCancel />
      </SecondStep>
      {sentTo !== undefined && (
        <ResendCode<AwaitedCode>
          path={PATH}
          resendIn={asked.resend_in ?? 0}
          onSent={(again) => onAsked({ ...asked, ...again })}
        />
      )}
    </div>
  );
}
