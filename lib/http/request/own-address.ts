import type { Settings } from "@/lib/settings/env.ts";
import { isLoopback } from "@/lib/settings/fields.ts";

/**
 * Where a page should be opened instead, when a browser opened it under another name than `APP_URL`: its cookies and
 * forms work there only. Null where it is right, and where nobody can tell what the browser asked for.
 *
 * 1. no browser that goes to a page → as it is
 * 2. a deployment → by what a trusted proxy says was asked for, in `X-Forwarded-Host`
 * 3. a local run → by `Host`, as far as that is this machine under another name; another port was led here by somebody
 *    who knows why
 *
 * @param path path and query of the page
 */
export function ownAddress(
  headers: { get(name: string): string | null },
  path: string,
  { APP_URL, TRUSTED_PROXIES, local }: Pick<Settings, "APP_URL" | "TRUSTED_PROXIES" | "local">,
): string | null {
  if (headers.get("sec-fetch-mode") !== "navigate") return null;
  const asked = local ? headers.get("host") : TRUSTED_PROXIES > 0 ? headers.get("x-forwarded-host") : null;
  const { protocol, host, port } = new URL(APP_URL);
  const origin = `${protocol}//${asked}`;
  if (asked === null || !URL.canParse(origin)) return null;
  const opened = new URL(origin);
  if (opened.host === host) return null;
  if (local && !(isLoopback(opened.hostname) && opened.port === port)) return null;
  return `${APP_URL}${path}`;
}
