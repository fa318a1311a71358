"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { FEW_RECOVERY_CODES } from "@/lib/auth/limits/lifetimes.ts";
import { isStrong } from "@/lib/contract/account.ts";
import type { ShownTwoFactor } from "@/lib/contract/factors.ts";
import { AuthenticatorApp } from "./authenticator-app.tsx";
import { ConfirmedAct } from "./confirmed-act.tsx";
import { Passkeys } from "./passkeys.tsx";
import { ShownCodes } from "./shown-codes.tsx";

type Props = {
  factors: ShownTwoFactor;
  /** Whether this site can have passkeys at all. */
  passkeysPossible: boolean;
  now: Date;
};

/** What protects a person against a stolen mailbox: passkeys, an authenticator app, and codes for when both are lost. */
export function StrongFactors({ factors, passkeysPossible, now }: Props) {
  const router = useRouter();
  const [codes, setCodes] = useState<string[] | null>(null);
  const [news, setNews] = useState("");
  const status = useRef<HTMLParagraphElement>(null);
  const strong = isStrong(factors);

  function changed(words: string, fresh?: string[]) {
    setNews(words);
    if (fresh) setCodes(fresh);
    else status.current?.focus();
    router.refresh();
  }

  return (
    <>
      <p ref={status} role="status" tabIndex={-1} className="min-h-6 text-small">
        {news}
      </p>
      {codes && <ShownCodes codes={codes} onDone={() => setCodes(null)} />}
      {passkeysPossible && (
        <Section
          id="passkeys"
          title="Passkeys"
          lead="Log in with your fingerprint, face or screen lock. A passkey can't be phished, and needs no password."
        >
          <Passkeys passkeys={factors.passkeys_list} now={now} onChanged={changed} />
        </Section>
      )}
      <Section
        id="totp"
        title="Authenticator app"
        lead={
          factors.totp
            ? "Set up. After your password, a log-in takes a code of your app."
            : "An app on your phone shows a new code every 30 seconds. It works without a network."
        }
      >
        <AuthenticatorApp on={factors.totp} onChanged={changed} />
      </Section>
      {strong && (
        <Section id="recovery-codes" title="Recovery codes" lead={left(factors.recovery_codes_left)}>
          <ConfirmedAct<{ recovery_codes: string[] }>
            label="Make new codes"
            title="Make new recovery codes?"
            text="Those that you have now stop working."
            busy="Making them …"
            method="POST"
            path="/api/two-factor/recovery-codes"
            onDone={({ recovery_codes: fresh }) => changed("Your new recovery codes are made.", fresh)}
          />
        </Section>
      )}
    </>
  );
}

function Section({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead: string;
  children: ReactNode;
}) {
  return (
    <section className="space-y-4" aria-labelledby={id}>
      <div className="space-y-1">
        <h2 id={id} className="text-lead font-semibold">
          {title}
        </h2>
        <p className="text-quiet">{lead}</p>
      </div>
      {children}
    </section>
  );
}

function left(count: number): string {
  const codes = count === 1 ? "One code is left" : `${count === 0 ? "No" : count} codes are left`;
  const advice = count < FEW_RECOVERY_CODES ? " Make new ones before you need them." : "";
  return `${codes} for when you have nothing else at hand.${advice}`;
}
