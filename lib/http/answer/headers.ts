import { isDeveloping, type Settings } from "@/lib/settings/env.ts";

export const REQUEST_ID = "x-request-id";

const EVERYWHERE = { "x-content-type-options": "nosniff", "x-frame-options": "DENY" };
const STRICT_TRANSPORT = { "strict-transport-security": "max-age=31536000; includeSubDomains" };

/** What every answer tells a browser, also scripts, styles and icons: guess no type, frame nothing, come by https. */
export function plainHeaders({ https }: Settings): Record<string, string> {
  return https ? { ...EVERYWHERE, ...STRICT_TRANSPORT } : EVERYWHERE;
}

/** What every answer of the API tells a browser: keep nothing, run nothing, frame nothing. */
const API_HEADERS = {
  ...EVERYWHERE,
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
};
const API_HEADERS_HTTPS = { ...API_HEADERS, ...STRICT_TRANSPORT };

export function apiHeaders(settings: Settings | undefined): Record<string, string> {
  return settings?.https ? API_HEADERS_HTTPS : API_HEADERS;
}

/**
 * What every page tells a browser (ASVS 3.4): run only the scripts that carry this answer's nonce, show nothing in
 * frames, keep no copy, and leak no address to other sites.
 *
 * @param inlineStyles for the local mailbox only, which shows mails as mail programs do
 */
export function pageHeaders(
  nonce: string,
  settings: Settings,
  { inlineStyles }: { inlineStyles: boolean },
): Record<string, string> {
  const developing = isDeveloping();
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${developing ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${developing || inlineStyles ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  return {
    "content-security-policy": policy,
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    ...plainHeaders(settings),
  };
}

/**
 * What lets a separate front end read an answer: only an origin that the settings name exactly, never a pattern,
 * never `*` with credentials (ASVS 3.4.2).
 */
export function corsHeaders(origin: string | null, { CORS_ORIGINS }: Settings): Record<string, string> {
  if (CORS_ORIGINS.length === 0) return {};
  if (origin === null || !CORS_ORIGINS.includes(origin)) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-Request-Id, Retry-After",
  };
}

/** What lets pages of one origin, or of any (`*`), read an answer that has nothing to do with a browser's cookies. */
export function openCorsHeaders(readableBy: string | null): Record<string, string> {
  if (readableBy === null) return { vary: "Origin" };
  return {
    vary: "Origin",
    "access-control-allow-origin": readableBy,
    "access-control-expose-headers": "X-Request-Id, Retry-After, WWW-Authenticate",
  };
}
