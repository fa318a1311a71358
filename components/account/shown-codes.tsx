"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { saveFile } from "@/lib/browser/save-file.ts";

const focus = (element: HTMLElement | null) => element?.focus();

/** Recovery codes, shown this once: to copy, to save, or to print. */
export function ShownCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const [news, setNews] = useState("");
  const text = codes.join("\n");

  async function copy() {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setNews(copied ? "Copied." : "Your browser didn't let us copy. Select the codes instead.");
  }
  function save() {
    saveFile("recovery-codes.txt", new Blob([`Recovery codes\n\n${text}\n`], { type: "text/plain" }));
    setNews("Saved.");
  }

  return (
    <section
      aria-labelledby="shown-codes"
      className="space-y-4 rounded-xl border border-accent bg-surface p-5"
    >
      <h2 id="shown-codes" ref={focus} tabIndex={-1} className="font-semibold">
        Put these codes away now
      </h2>
      <p>Each of them logs you in once when you have nothing else at hand. They are shown only this time.</p>
      <ul className="grid gap-x-8 gap-y-1 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3 print:hidden">
        <Button look="quiet" onClick={copy}>
          Copy
        </Button>
        <Button look="quiet" onClick={save}>
          Download
        </Button>
        <Button look="quiet" onClick={() => window.print()}>
          Print
        </Button>
        <Button onClick={onDone}>I have put them away</Button>
      </div>
      <p role="status" className="min-h-6 text-small text-quiet print:hidden">
        {news}
      </p>
    </section>
  );
}
