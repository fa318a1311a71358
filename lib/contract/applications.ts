import { z } from "zod";
import { visibleName, yesNo } from "./fields.ts";
import { SENTENCES } from "./sentences.ts";

const NAME_MAX_CHARACTERS = 64;
const ADDRESS_MAX_CHARACTERS = 2_000;
const ADDRESSES_MAX = 20;

/** What an address is written with: nothing that can't be seen, and nothing that two readers take for different things. */
const PLAIN = /^[A-Za-z0-9:/?&=+,;@!$'()*._~%[\]-]+$/;
const PRIVATE_USE = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:\/[^/]?/;
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(?=[/?]|$)/;

/**
 * Whether a log-in may end at this address: https, http on this very machine (RFC 8252 §7.3), or a scheme of an app's own
 * that has a dot (§7.1); without a fragment (RFC 6749 §3.1.2), a user or a wildcard.
 */
function isRedirectAddress(address: string): boolean {
  return isWebAddress(address) || (isPlain(address) && PRIVATE_USE.test(address) && URL.canParse(address));
}

/** The same of an address on the web: where a browser may go after a log-out. */
function isWebAddress(address: string): boolean {
  if (!isPlain(address) || !URL.canParse(address)) return false;
  const { protocol, username, password, hostname } = new URL(address);
  if (username || password || address.includes("@") || hostname.includes("*")) return false;
  return (protocol === "https:" && address.startsWith("https://")) || LOOPBACK.test(address);
}

function isPlain(address: string): boolean {
  return address.length <= ADDRESS_MAX_CHARACTERS && PLAIN.test(address);
}

/** Whether an address that a client names is one that it registered: exactly, but for the port on loopback (RFC 8252 §7.3). */
export function isRegistered(address: string, registered: readonly string[]): boolean {
  return registered.includes(address) || registered.map(withoutPort).includes(withoutPort(address));
}

/** A loopback address without its port; any other as it is. */
function withoutPort(address: string): string {
  return address.replace(LOOPBACK, (start, port: string | undefined) =>
    start.slice(0, start.length - (port?.length ?? 0)),
  );
}

/** The origins that some of these addresses have; an app's own scheme has none. */
export function originsOf(addresses: readonly string[]): string[] {
  const origins = addresses.filter(isWebAddress).map((address) => new URL(address).origin);
  return [...new Set(origins)];
}

const REDIRECT_SENTENCE =
  "Give https://… addresses, http:// on localhost, or a scheme of your own with a dot; without # and user.";
const WEB_SENTENCE = "Give https://… addresses, or http:// on localhost; without # and user.";

/** Addresses in a list, each once; or one line each, as a form has them. */
function addresses(isGood: (address: string) => boolean, sentence: string) {
  return z
    .union([z.array(z.string()), z.string().transform((lines) => lines.split(/\s+/).filter(Boolean))], {
      error: sentence,
    })
    .refine((all) => all.length <= ADDRESSES_MAX, { error: `Give at most ${ADDRESSES_MAX} addresses.` })
    .refine((all) => all.every(isGood), { error: sentence })
    .transform((all) => [...new Set(all)])
    .meta({ wire: { type: "array", items: { type: "string" } } });
}

/** An address that is told something; none where it is left empty, as a form sends it. */
function toldAddress() {
  return z
    .string()
    .trim()
    .transform((address) => address || null)
    .nullable()
    .refine((address) => address === null || isWebAddress(address), { error: TOLD_SENTENCE })
    .meta({ wire: { type: ["string", "null"], format: "uri" } });
}
const TOLD_SENTENCE = "Give an https://… address, or http:// on localhost; without # and user.";

export const AddApplicationRequest = z.object({
  name: visibleName({ maxLength: NAME_MAX_CHARACTERS }).refine((name) => name !== "", {
    error: SENTENCES.blank,
  }),
  redirect_addresses: addresses(isRedirectAddress, REDIRECT_SENTENCE)
    .refine((all) => all.length > 0, { error: "Give at least one address." })
    .describe("Where its log-ins may end; compared exactly."),
  logged_out_addresses: addresses(isWebAddress, WEB_SENTENCE)
    .describe("Where a browser may be sent after a log-out.")
    .optional(),
  confidential: yesNo()
    .describe("Whether it can keep a secret: a server can, a browser or app can't.")
    .optional(),
  backchannel_address: toldAddress()
    .describe("Where it is told that a session of its own ended (OpenID Connect Back-Channel Logout).")
    .optional(),
  webhook_address: toldAddress()
    .describe("Where it is told what happens to people and sessions (Standard Webhooks).")
    .optional(),
});
export type AddApplicationRequest = z.infer<typeof AddApplicationRequest>;

/** An application as admins see it. */
export const PublicApplication = z.object({
  client_id: z.uuid(),
  name: z.string(),
  confidential: z.boolean(),
  redirect_addresses: z.array(z.string()),
  logged_out_addresses: z.array(z.string()),
  backchannel_address: z.string().nullable(),
  webhook_address: z.string().nullable(),
  previous_secret_until: z.iso.datetime().nullable().describe("Until when the secret before still counts."),
  previous_webhook_secret_until: z.iso
    .datetime()
    .nullable()
    .describe("Until when messages are signed with the webhook's secret before, too."),
  created_at: z.iso.datetime(),
});
export type PublicApplication = z.infer<typeof PublicApplication>;

/** The same where a secret was just made: the only time it can be read. */
export const ApplicationWithSecret = PublicApplication.extend({
  client_secret: z
    .string()
    .nullable()
    .describe("Shown this once; null where it is public, or not a new one."),
  webhook_secret: z.string().nullable().describe("The same of what its messages are signed with."),
});

/** What a session says of the application that it is of. */
export const SessionApplication = z.object({ id: z.uuid(), name: z.string() }).nullable();
