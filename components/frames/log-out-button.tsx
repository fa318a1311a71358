"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { call } from "@/lib/browser/call.ts";

/**
 * Ends this browser's session; the full load afterwards leaves nothing of the page behind. Where the session could not
 * be ended it says so: whoever leaves a shared computer must know.
 */
export function LogOutButton({ leaveTo = "/login" }: { leaveTo?: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function logOut() {
    setBusy(true);
    setProblem("");
    const outcome = await call("POST", "/api/logout");
    if (outcome.kind === "ok") return window.location.assign(leaveTo);
    setBusy(false);
    setProblem(outcome.kind === "failed" ? outcome.detail : "You are still logged in. Try again.");
  }

  return (
    <div className="flex flex-wrap items-center justify-end gap-x-4">
      <p role="alert" className="text-small text-danger empty:hidden">
        {problem}
      </p>
      <Button look="quiet" busy={busy && "Logging out …"} onClick={logOut}>
        Log out
      </Button>
    </div>
  );
}
