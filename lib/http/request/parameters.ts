import type { Parameters } from "@/lib/auth/applications/read-authorization-request.ts";

/** A query as OAuth reads one: what is empty counts as left out (RFC 6749 §3.1), and what stands twice is told. */
export function readParameters(query: URLSearchParams): Parameters {
  const entries = [...query].filter(([, value]) => value !== "");
  const names = entries.map(([name]) => name);
  return {
    values: Object.fromEntries(entries),
    repeated: [...new Set(names.filter((name, i) => names.indexOf(name) !== i))],
  };
}
