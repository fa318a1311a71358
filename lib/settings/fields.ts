import { z } from "zod";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";

const SECRET_MIN_BYTES = 32;
const SECONDS_PER_UNIT = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const LONGEST_SECONDS = 10 * 365 * 86_400;

/** A whole number and a unit, read as seconds. */
export const duration = (fallback: string, { minSeconds = 0, maxSeconds = LONGEST_SECONDS } = {}) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
      const seconds = Number(count) * SECONDS_PER_UNIT[(unit ?? "s") as keyof typeof SECONDS_PER_UNIT];
      if (seconds >= minSeconds && seconds <= maxSeconds) return seconds;
      context.addIssue(`must be a duration such as 30m or 3d, from ${minSeconds}s to ${maxSeconds}s`);
      return z.NEVER;
    });

export const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);

export const choice = <const Value extends string>(values: readonly [Value, ...Value[]]) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

export const flag = (fallback: "true" | "false") =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(["true", "false"], { error: "must be true or false" }))
    .transform((text) => text === "true");

/** Texts between commas. */
export const list = (fallback = "") =>
  z
    .string()
    .default(fallback)
    .transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean),
    );

export const secret = z.string().refine((text) => Buffer.byteLength(text) >= SECRET_MIN_BYTES, {
  error: `must have at least ${SECRET_MIN_BYTES} bytes`,
});

/** Keys in PEM, `\\n` standing for a line break where need be; a secret of HS* is kept to the last byte. */
export const pem = z
  .string()
  .transform((text) => (text.includes("-----BEGIN ") ? text.replaceAll("\\n", "\n").trim() : text));

/** Whether `text` is an http(s) origin exactly as a browser writes it. */
export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text) && !text.includes("*");
}

/** Whether a URL's host names this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Whether a URL's host is an IP address. */
export function isAddress(hostname: string): boolean {
  return hostname.startsWith("[") || /^\d+(\.\d+){3}$/.test(hostname);
}

/** https anywhere, plain http only to this machine: what goes there is secret. Without its last slash. */
export const safeUrl = z
  .string()
  .refine((text) => URL.canParse(text) && isSafe(new URL(text)), {
    error: "must be an https:// URL without user, query or fragment (http:// only to this machine)",
  })
  .transform((text) => text.replace(/\/$/, ""));

function isSafe({ protocol, hostname, username, password, search, hash }: URL): boolean {
  const encrypted = protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
  return encrypted && [username, password, search, hash].every((part) => part === "");
}

/** Where mail is handed over. A query is refused: mailers take options from it, such as not to check certificates. */
export const smtpUrl = z.string().refine((text) => URL.canParse(text) && isSmtp(new URL(text)), {
  error: "must be smtp://user:password@host:port or smtps://…, without a path or query",
});

function isSmtp({ protocol, hostname, pathname, search, hash, username, password }: URL): boolean {
  const bare = (pathname === "" || pathname === "/") && search === "" && hash === "";
  const decodable = [username, password].every((part) => !/%(?![0-9A-Fa-f]{2})/.test(part));
  return /^smtps?:$/.test(protocol) && hostname !== "" && bare && decodable;
}

/** Who mail comes from. */
export type Sender = { name: string; address: string };

/** `Name <address>` or an address alone. A name of several lines could add headers, so it is refused. */
export const sender = z.string().transform((text, context): Sender => {
  const [, quoted, plain, inner] =
    /^\s*(?:"([^"\\\p{C}]*)"|([^"\\<>\p{C}]*))\s*<([^<>]*)>\s*$/u.exec(text) ?? [];
  const address = parseEmailAddress(inner ?? text);
  if (address) return { name: (quoted ?? plain ?? "").trim(), address };
  context.addIssue("must be an address such as Keyturn <login@example.com>");
  return z.NEVER;
});

const RESERVED_CLAIMS = new Set(
  "token_type jti iat exp nbf sub sid gen auth_time amr iss aud client_id".split(" "),
);

/** Whether a claim of our tokens has that name already. */
export function isReservedClaim(name: string): boolean {
  return RESERVED_CLAIMS.has(name);
}
