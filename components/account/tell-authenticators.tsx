"use client";

import { useEffect } from "react";
import { type Keychain, tellAuthenticators } from "@/lib/browser/passkeys.ts";

const TOLD = "keyturn passkeys told";

/** Tells this browser's authenticators which passkeys of the person still count, whenever that may have changed. */
export function TellAuthenticators({ keychain, at }: { keychain: Keychain; at: Date }) {
  const { rpId, userHandle, credentialIds, name, displayName } = keychain;
  const ids = credentialIds.join(" ");
  const moment = at.getTime();
  useEffect(() => {
    if (!isNewest(moment)) return;
    const credentialIds = ids.split(" ").filter(Boolean);
    void tellAuthenticators({ rpId, userHandle, credentialIds, name, displayName });
  }, [rpId, userHandle, ids, name, displayName, moment]);
  return null;
}

/** Whether no newer rendering, here or in another tab, has told already: an older one may lack a passkey. */
function isNewest(moment: number): boolean {
  try {
    if (Number(localStorage.getItem(TOLD)) > moment) return false;
    localStorage.setItem(TOLD, String(moment));
    return true;
  } catch {
    return false;
  }
}
