"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { LinkButton } from "@/components/ui/link-button.tsx";
import { useInteractive } from "@/components/ui/use-interactive.ts";
import { knowsPasskeys } from "@/lib/browser/passkeys.ts";

const SEEN = "keyturn-passkey-invitation";

/** A browser that keeps nothing asks again. */
function wasDismissed(): boolean {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return false;
  }
}

/** Invites whoever logs in by a mailed code to add a passkey, until they say no in this browser. */
export function InvitePasskey() {
  const interactive = useInteractive();
  const [dismissed, setDismissed] = useState(false);
  if (!interactive || dismissed || !knowsPasskeys() || wasDismissed()) return null;
  function dismiss() {
    try {
      localStorage.setItem(SEEN, "1");
    } catch {
      // As above.
    }
    setDismissed(true);
  }
  return (
    <section aria-labelledby="invitation" className="space-y-3 rounded-xl border border-line bg-surface p-5">
      <h2 id="invitation" className="font-semibold">
        Log in without waiting for a mail
      </h2>
      <p className="text-quiet">
        A passkey logs you in with your fingerprint, face or screen lock, and keeps strangers out even when
        your mailbox is stolen.
      </p>
      <div className="flex flex-wrap gap-3">
        <LinkButton href="/account/security#passkeys">Add a passkey</LinkButton>
        <Button look="quiet" onClick={dismiss}>
          Not now
        </Button>
      </div>
    </section>
  );
}
