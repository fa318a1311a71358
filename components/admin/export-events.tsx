"use client";

import { useState } from "react";
import { call } from "@/lib/browser/call.ts";
import { saveFile } from "@/lib/browser/save-file.ts";
import { Button } from "../button.tsx";
import { FormError } from "../form-error.tsx";

const FAILED = "The file could not be made. Try again.";

/** Saves what the list shows, and all that follows, as a file for spreadsheets. */
export function ExportEvents({ query }: { query: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function save() {
    setBusy(true);
    setProblem("");
    const path = `/api/admin/events?${query}`;
    const allowed = await call<unknown>("GET", path);
    const answer =
      allowed.kind === "ok" ? await fetch(path, { headers: { accept: "text/csv" } }).catch(() => null) : null;
    const file = answer?.ok ? await answer.blob().catch(() => null) : null;
    if (file) saveFile("events.csv", file);
    else setProblem(allowed.kind === "failed" ? allowed.detail : FAILED);
    setBusy(false);
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4">
      <Button look="quiet" busy={busy && "Making the file …"} onClick={save}>
        Save as CSV
      </Button>
      <FormError>{problem}</FormError>
    </div>
  );
}
