import type { Settings } from "@/lib/settings/env.ts";

/**
 * Whether a browser vouches that a request was sent by one of our own pages or of a front end that the settings name
 * (ASVS 3.5.1): by `Origin`, or where that is missing by `Sec-Fetch-Site`. Pages of other hosts, sub-domains of ours,
 * sandboxed frames (`null`) and programs that send neither don't count.
 */
export function comesFromOwnPage(
  headers: { get(name: string): string | null },
  { APP_URL, CORS_ORIGINS }: Settings,
): boolean {
  const origin = headers.get("origin");
  if (origin === null) return headers.get("sec-fetch-site") === "same-origin";
  return origin === APP_URL || CORS_ORIGINS.includes(origin);
}
