import { secondsAfter } from "@/lib/clock.ts";
import type { MailDeps } from "@/lib/mail/mail-deps.ts";

/** RFC 9116 §2.5.5 asks for less than a year. As long as Keyturn runs, what it says is looked after. */
const GOOD_FOR_SECONDS = 90 * 24 * 60 * 60;

/**
 * Whom to tell of a hole in this deployment, as `/.well-known/security.txt` (RFC 9116): whoever the mail comes from,
 * since the settings name nobody else.
 */
export function securityContact({ from, appUrl }: Pick<MailDeps, "from" | "appUrl">, now: Date): string {
  const fields = [
    ["Contact", mailtoUrl(from.address)],
    ["Expires", secondsAfter(now, GOOD_FOR_SECONDS).toISOString()],
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
