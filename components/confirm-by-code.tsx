"use client";

import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { Button } from "./button.tsx";
import { CodeForm } from "./code-form.tsx";
import { DialogCancel } from "./dialog-cancel.tsx";
import { ResendCode } from "./resend-code.tsx";

const PATH = "/api/token/step-up";

type Props = {
  sent: StartedChallenge;
  /** Another code was asked for: its challenge takes this one's place. */
  onSent: (sent: StartedChallenge) => void;
  onConfirmed: () => void;
  /** Back to the password, by choice or because this code has ended. */
  onBack: (news: string) => void;
};

/** Confirms with the code from the mail. */
export function ConfirmByCode({ sent, onSent, onConfirmed, onBack }: Props) {
  return (
    <div className="space-y-4">
      <CodeForm
        path={PATH}
        challenge={sent.challenge}
        page="/account/security"
        label="Confirm"
        hint={`We sent it to ${sent.sent_to}.`}
        onRight={onConfirmed}
        onEnded={() =>
          onBack(
            "That code has expired, was used, or was tried too often. Ask for a new one, or type the password.",
          )
        }
      >
        <Button look="quiet" onClick={() => onBack("")}>
          Use the password
        </Button>
        <DialogCancel />
      </CodeForm>
      <ResendCode path={PATH} resendIn={sent.resend_in} onSent={onSent} />
    </div>
  );
}
