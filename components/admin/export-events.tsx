"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { fetchFile } from "@/lib/browser/fetch-file.ts";
import { saveFile } from "@/lib/browser/save-file.ts";

const FAILED = "The file could not be made. Try again.";

/** Saves what the list shows, and all that follows, as a file; where the log-in is long ago the admin confirms it first. */
export function ExportEvents({ query }: { query: string }) {
  const { confirmed, dialog } = useConfirmed();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function save() {
    setBusy(true);
    setProblem("");
    const outcome = await confirmed(() => fetchFile(`/api/admin/events?${query}`, "text/csv"));
    if (outcome.kind === "ok") saveFile("events.csv", outcome.body);
    else setProblem(outcome.kind === "failed" ? outcome.detail : FAILED);
    setBusy(false);
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4">
      <Button look="quiet" busy={busy && "Making the file …"} onClick={save}>
        Save as CSV
      </Button>
      <FormError>{problem}</FormError>
      {dialog}
    </div>
  );
}
