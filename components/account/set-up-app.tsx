"use client";

import { useForm } from "react-hook-form";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { Field } from "@/components/ui/field.tsx";
import { useApiForm } from "@/components/ui/use-api-form.ts";
import { QrCode } from "./qr-code.tsx";

export type Secret = { secret: string; uri: string };
type Confirmed = { recovery_codes?: string[] };
type Props = { secret: Secret; onDone: (confirmed: Confirmed) => void; onCancel: () => void };

/** Shows a secret to an authenticator app, and takes its first code. */
export function SetUpApp({ secret: { secret, uri }, onDone, onCancel }: Props) {
  const form = useForm<{ code: string }>();
  const { callConfirmed, dialog } = useConfirmed();
  const { errors, isSubmitting, problem, submit } = useApiForm(form, {
    send: (input) => callConfirmed<Confirmed>("POST", "/api/two-factor/totp/confirm", input),
    onDone,
  });
  return (
    <>
      <form
        method="post"
        action="/account/security"
        onSubmit={submit}
        noValidate
        className="space-y-5 rounded-xl border border-line bg-surface p-5"
      >
        <p>Scan this with your app, or type the key into it. Then enter the six digits that it shows.</p>
        <div className="flex flex-wrap items-start gap-6">
          <QrCode text={uri} label="QR code for your authenticator app" />
          <div className="min-w-0 space-y-2">
            <p className="text-small text-quiet">Key</p>
            <p className="font-mono break-words">{secret.replace(/.{4}(?=.)/g, "$& ")}</p>
            <a href={uri} className="inline-block py-2 underline underline-offset-4">
              Open in an app on this device
            </a>
          </div>
        </div>
        <div className="max-w-xs">
          <Field
            label="Code from the app"
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            autoFocus
            error={errors.code?.message ?? problem}
            {...form.register("code")}
          />
        </div>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" busy={isSubmitting && "Checking …"}>
            Turn it on
          </Button>
          <Button look="quiet" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </form>
      {dialog}
    </>
  );
}
