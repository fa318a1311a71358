import { isIP } from "node:net";

/**
 * The address a request came from. Each of `trustedProxies` appended to `X-Forwarded-For` who called it, so the
 * client stands that many places from the right; whatever was sent further left is the client's own claim and is
 * ignored (ASVS 4.1.3). Null when it can't be told.
 */
export function clientAddress(
  forwardedFor: string | null,
  socketAddress: string | undefined,
  trustedProxies: number,
): string | null {
  const found = trustedProxies === 0 ? socketAddress : claimed(forwardedFor, socketAddress, trustedProxies);
  return found === undefined ? null : canonicalAddress(found);
}

function claimed(forwardedFor: string | null, socketAddress: string | undefined, trustedProxies: number) {
  const forwarded = (forwardedFor ?? "").split(",").map((entry) => entry.trim());
  const chain = [...forwarded.filter(Boolean), socketAddress];
  return chain[Math.max(0, chain.length - 1 - trustedProxies)];
}

/** Some proxies add the port, and brackets round an IPv6 address. */
function canonicalAddress(text: string): string | null {
  const [, bracketed, withPort] = /^(?:\[(.*)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/.exec(text) ?? [];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(address) === 0 ? null : address.toLowerCase();
}
