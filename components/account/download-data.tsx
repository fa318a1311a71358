"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { useConfirmed } from "@/components/ui/confirm-its-you.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { saveFile } from "@/lib/browser/save-file.ts";

const FILE_NAME = "keyturn-data.json";

/** Saves everything that is held about the person as a file; where their log-in is long ago they confirm it first. */
export function DownloadData() {
  const { callConfirmed, dialog } = useConfirmed();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function download() {
    setBusy(true);
    setProblem("");
    const outcome = await callConfirmed<unknown>("GET", "/api/me/data");
    setBusy(false);
    if (outcome.kind === "ok")
      saveFile(FILE_NAME, new Blob([JSON.stringify(outcome.body, null, 2)], { type: "application/json" }));
    else
      setProblem(outcome.kind === "failed" ? outcome.detail : "Your data could not be gathered. Try again.");
  }

  return (
    <div className="space-y-2">
      <Button look="quiet" busy={busy && "Gathering …"} onClick={download}>
        Download your data
      </Button>
      <FormError>{problem}</FormError>
      {dialog}
    </div>
  );
}
