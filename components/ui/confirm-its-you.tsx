"use client";

import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Called, call } from "@/lib/browser/call.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { useStrongAccount } from "./account-field.tsx";
import { AskForProof } from "./ask-for-proof.tsx";
import { ConfirmByPassword } from "./confirm-by-password.tsx";
import { ConfirmByProof } from "./confirm-by-proof.tsx";
import { DialogPanel } from "./dialog-panel.tsx";

const NOT_CONFIRMED = "Nothing was done, because you didn't confirm that it's you.";

type Asking = { settle(confirmed: boolean): void };
type CallConfirmed = <Body>(
  method: string,
  path: string,
  body?: unknown,
  known?: { password: string },
) => Promise<Called<Body>>;
type Confirmed = <Body>(
  make: () => Promise<Called<Body>>,
  known?: { password: string },
) => Promise<Called<Body>>;

/**
 * Calls that only a recent log-in may make. `callConfirmed` is `call` with one more case, `confirmed` the same for a
 * call that is made in another way; `dialog` must stand in the page, outside of any form.
 *
 * 1. the log-in is recent enough → as `call`
 * 2. it is not, and the form has asked for the password anyway (`known`) → that confirms; where it is wrong the
 *    outcome is `fields` with `password`, and nothing was done; where it proves too little, as 3
 * 3. it is not → the dialog opens; once the person has confirmed, the same call is made again by itself
 * 4. they cancel → `failed` with `recent_login_required` and a sentence that says that nothing was done
 *
 * After the dialog the focus is back where it was.
 */
export function useConfirmed(): {
  callConfirmed: CallConfirmed;
  confirmed: Confirmed;
  dialog: ReactNode;
} {
  const [asking, setAsking] = useState<Asking | null>(null);
  const returnTo = useRef<Element | null>(null);

  useEffect(() => {
    const target = returnTo.current;
    if (asking || !(target instanceof HTMLElement) || target.matches(":disabled")) return;
    returnTo.current = null;
    if (document.activeElement === document.body) target.focus();
  });

  const confirmed: Confirmed = async (make, known) => {
    const focused = document.activeElement;
    const first = await make();
    if (first.kind !== "failed" || first.code !== "recent_login_required") return first;
    if (known) {
      const stepped = await call<never>("POST", "/api/token/step-up", { password: known.password });
      if (stepped.kind === "ok") return make();
      if (stepped.kind !== "failed" || stepped.code !== "two_factor_required") return stepped;
    }
    const isConfirmed = await new Promise<boolean>((settle) => setAsking({ settle }));
    returnTo.current = focused;
    setAsking(null);
    return isConfirmed ? make() : { ...first, detail: NOT_CONFIRMED };
  };

  const callConfirmed: CallConfirmed = (method, path, body, known) =>
    confirmed(() => call(method, path, body), known);

  const dialog = asking && <ConfirmItsYou onSettled={asking.settle} />;
  return { callConfirmed, confirmed, dialog };
}

/**
 * Asks for the password, or for a code from a mail, before a dangerous act; whoever has a strong factor is asked for
 * that at once.
 */
function ConfirmItsYou({ onSettled }: { onSettled: (confirmed: boolean) => void }) {
  const strong = useStrongAccount();
  const [asked, setAsked] = useState<StartedChallenge | null>(null);
  const [news, setNews] = useState("");
  function goBack(why: string) {
    setNews(why);
    setAsked(null);
  }
  const confirmed = () => onSettled(true);
  return (
    <AlertDialog.Root open onOpenChange={() => onSettled(false)}>
      <DialogPanel
        title="Confirm it's you"
        text="You logged in a while ago, so we make sure that it is still you."
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        {asked ? (
          <ConfirmByProof asked={asked} onAsked={setAsked} onConfirmed={confirmed} onBack={goBack} />
        ) : strong ? (
          <AskForProof news={news} onAsked={setAsked} />
        ) : (
          <ConfirmByPassword news={news} onConfirmed={confirmed} onSent={setAsked} />
        )}
      </DialogPanel>
    </AlertDialog.Root>
  );
}
