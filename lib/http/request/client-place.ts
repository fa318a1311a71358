/** A city and a country as common proxies name them. The country is a code of two letters, or a name. */
const PLACE_HEADERS = [
  ["cf-ipcity", "cf-ipcountry"],
  ["x-vercel-ip-city", "x-vercel-ip-country"],
  ["cloudfront-viewer-city", "cloudfront-viewer-country-name"],
  ["x-geo-city", "x-geo-country"],
] as const;

const MAX_CHARACTERS = 100;
const countryNames = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Where a request came from, as a trusted proxy says: "Berlin, Germany", or what of it is known; null without a proxy
 * that is trusted, for then these headers are the client's own claim. It is shown to people and decides nothing
 * (docs/decisions/0015-place-from-a-trusted-proxy.md).
 */
export function clientPlace(
  headers: { get(name: string): string | null },
  trustedProxies: number,
): string | null {
  if (trustedProxies === 0) return null;
  for (const [cityHeader, countryHeader] of PLACE_HEADERS) {
    const parts = [readable(headers.get(cityHeader)), countryName(readable(headers.get(countryHeader)))];
    const place = parts.filter(Boolean).join(", ");
    if (place) return [...place].slice(0, MAX_CHARACTERS).join("").trim();
  }
  return null;
}

/** "XX" and "T1", by which proxies say that they don't know, name no country. */
function countryName(country: string): string {
  if (/^(XX|ZZ|T1)$/i.test(country)) return "";
  return /^[A-Z]{2}$/i.test(country) ? (countryNames.of(country.toUpperCase()) ?? "") : country;
}

/**
 * A header's text on one line, without control characters. Bytes beyond ASCII reach us one character each and are
 * UTF-8; `%` hides bytes too, and a text that hides none properly says nothing.
 */
function readable(value: string | null): string {
  if (value === null) return "";
  const text = decoded(() => utf8.decode(Buffer.from(value, "latin1")), value);
  return decoded(() => decodeURIComponent(text), "")
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
}

function decoded(decode: () => string, otherwise: string): string {
  try {
    return decode();
  } catch {
    return otherwise;
  }
}
