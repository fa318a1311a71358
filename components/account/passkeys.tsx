"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { Day, Moment } from "@/components/ui/moment.tsx";
import { Rename } from "@/components/ui/rename.tsx";
import { instant } from "@/lib/base/clock.ts";
import { makePasskey, type Options } from "@/lib/browser/passkeys.ts";
import type { PublicPasskey } from "@/lib/contract/passkeys.ts";
import { ConfirmedAct } from "./confirmed-act.tsx";

const GIVEN_UP = "No passkey was made. You can try again whenever you like.";
const KNOWN = "This device has a passkey of your account already.";

type Added = { recovery_codes?: string[] };
type Props = {
  passkeys: PublicPasskey[];
  now: Date;
  /** After a change, with the codes that it brought. */
  onChanged: (news: string, codes?: string[]) => void;
};

/** The passkeys of a person: one card each, and the way to make another. */
export function Passkeys({ passkeys, now, onChanged }: Props) {
  const { callConfirmed, dialog } = useConfirmed();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function add(): Promise<string | null> {
    type Asked = { challenge: string; options: Options };
    const asked = await callConfirmed<Asked>("POST", "/api/passkeys/options");
    if (asked.kind === "failed") return asked.detail;
    if (asked.kind === "fields") return Object.values(asked.fields).flat().join(" ");
    const made = await makePasskey(asked.body.options);
    if (made.kind !== "done") return made.kind === "known" ? KNOWN : GIVEN_UP;
    const { challenge } = asked.body;
    const json = { challenge, credential: made.credential };
    const added = await callConfirmed<Added>("POST", "/api/passkeys", json);
    if (added.kind === "failed") return added.detail;
    if (added.kind === "fields") return Object.values(added.fields).flat().join(" ");
    onChanged("Your passkey is ready.", added.body.recovery_codes);
    return null;
  }
  async function addOne() {
    setBusy(true);
    setProblem("");
    const why = await add();
    setBusy(false);
    setProblem(why ?? "");
  }

  return (
    <div className="space-y-4">
      {passkeys.length > 0 && (
        <ul className="space-y-3">
          {passkeys.map((passkey) => (
            <PasskeyCard key={passkey.id} passkey={passkey} now={now} onChanged={onChanged} />
          ))}
        </ul>
      )}
      <FormError>{problem}</FormError>
      <Button look={passkeys.length > 0 ? "quiet" : "primary"} busy={busy && "Waiting …"} onClick={addOne}>
        {passkeys.length > 0 ? "Add another passkey" : "Add a passkey"}
      </Button>
      {dialog}
    </div>
  );
}

function PasskeyCard({ passkey, now, onChanged }: Omit<Props, "passkeys"> & { passkey: PublicPasskey }) {
  const { id, name, created_at: created, last_used_at: used, synced, provider } = passkey;
  const kept = [provider !== name && provider, synced ? "synced between your devices" : "on one device"];
  return (
    <li className="flex flex-wrap items-start gap-4 rounded-xl border border-line bg-surface p-5">
      <div className="min-w-0 flex-1 basis-48 space-y-1">
        <h3 className="font-semibold break-words">{name}</h3>
        <p className="text-small text-quiet">{kept.filter(Boolean).join(" · ")}</p>
        <p className="text-small text-quiet">
          Added <Day at={instant(created)} now={now} />
          {used ? (
            <>
              {" · last used "}
              <Moment at={instant(used)} now={now} />
            </>
          ) : (
            " · not used yet"
          )}
        </p>
        <Rename path={`/api/passkeys/${id}`} name={name} kind="passkey" label={`Name of ${name}`} />
      </div>
      <ConfirmedAct
        label="Remove"
        description={`Remove the passkey ${name}`}
        title={`Remove ${name}?`}
        text="It opens your account no more. Your device may go on offering it until you delete it there."
        busy="Removing …"
        method="DELETE"
        path={`/api/passkeys/${id}`}
        onDone={() => onChanged("That passkey is removed.")}
      />
    </li>
  );
}
