"use client";

import { useState } from "react";
import { Button } from "./button.tsx";

/** Copies a text. Where the browser doesn't let us, it says to select the text instead. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [news, setNews] = useState("");

  async function copy() {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setNews(copied ? "Copied." : "Your browser didn't let us copy. Select it instead.");
  }

  return (
    <span className="flex items-center gap-3">
      <Button look="quiet" aria-label={`Copy ${what}`} onClick={copy}>
        Copy
      </Button>
      <span role="status" className="text-small text-quiet">
        {news}
      </span>
    </span>
  );
}
