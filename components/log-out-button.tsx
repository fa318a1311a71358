"use client";

import { useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { Button } from "./button.tsx";

/** Ends this browser's session; the full load afterwards leaves nothing of the page behind. */
export function LogOutButton() {
  const [busy, setBusy] = useState(false);

  async function logOut() {
    setBusy(true);
    await call("POST", "/api/logout");
    window.location.assign("/login");
  }

  return (
    <Button look="quiet" busy={busy && "Logging out …"} onClick={logOut}>
      Log out
    </Button>
  );
}
