import { SECURITY_CONTACT_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { MailDeps } from "@/lib/mail/mail-deps.ts";

/**
 * Whom to tell of a hole in this deployment, as `/.well-known/security.txt` (RFC 9116): whoever the mail comes from,
 * since the settings name nobody else.
 */
export function securityContact({ from, appUrl }: Pick<MailDeps, "from" | "appUrl">, now: Date): string {
  const fields = [
    ["Contact", mailtoUrl(from.address)],
    ["Expires", secondsAfter(now, SECURITY_CONTACT_LIFETIME_SECONDS).toISOString()],
    ["Preferred-Languages", "en"],
    ["Canonical", `${appUrl}/.well-known/security.txt`],
    ["Policy", `${appUrl}/docs#security`],
  ];
  return fields.map(([name, value]) => `${name}: ${value}\n`).join("");
}

/** An address as a link to write to it; its own signs stay part of it. */
export function mailtoUrl(address: string): string {
  return `mailto:${encodeURIComponent(address).replace("%40", "@")}`;
}
