"use client";

import { useEffect, useState } from "react";
import { measureStrength, type Strength } from "@/lib/browser/measure-strength.ts";

/** By level. None says "strong" or "safe": all anybody can tell is what guessing programs would take to it. */
const WORDS = [
  "Very easy to guess",
  "Easy to guess",
  "Not hard to guess",
  "Quite hard to guess",
  "Hard to guess",
];
const COLOURS = ["bg-danger", "bg-danger", "bg-quiet", "bg-accent", "bg-accent"];

/** How long nobody types before they are told, so that a screen reader isn't interrupted at every key. */
const PAUSE_MS = 300;

/** Says how hard `password` is to guess and what would help. Its place is always there, so nothing jumps. */
export function StrengthMeter({ password, related }: { password: string; related: readonly string[] }) {
  const strength = useStrength(password, related);
  return (
    <div className="space-y-1.5 pt-1">
      <div className="flex gap-1" aria-hidden="true">
        {WORDS.map((word, level) => (
          <span
            key={word}
            className={`h-1 grow rounded-full ${strength && level <= strength.level ? COLOURS[strength.level] : "bg-line"}`}
          />
        ))}
      </div>
      <p aria-live="polite" className="min-h-10.5 text-small text-quiet sm:min-h-5.25">
        {strength && (
          <>
            <span className="font-medium text-ink">{WORDS[strength.level]}.</span> {strength.advice}
          </>
        )}
      </p>
    </div>
  );
}

/** Null until something is typed and measured, and where the lists can't be loaded. */
function useStrength(password: string, related: readonly string[]): Strength | null {
  const [strength, setStrength] = useState<Strength | null>(null);
  const own = related.join("\n");
  useEffect(() => {
    if (password === "") return setStrength(null);
    let stale = false;
    const tell = (measured: Strength | null) => stale || setStrength(measured);
    const timer = setTimeout(
      () =>
        measureStrength(password, own.split("\n")).then(tell, () => {
          tell(null);
        }),
      PAUSE_MS,
    );
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [password, own]);
  return strength;
}
