type Described = { browser: string | null; os: string | null };

/** A program and what it runs on, as people say it: "Firefox on Linux"; `unknown` where neither is known. */
export function deviceLabel({ browser, os }: Described, unknown = "Unknown program"): string {
  return [browser, os].filter(Boolean).join(" on ") || unknown;
}
