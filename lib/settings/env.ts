import { existsSync } from "node:fs";
import { z } from "zod";
import { splitHosts } from "@/db/hosts.ts";
import { findFaults } from "./faults.ts";
import {
  choice,
  duration,
  flag,
  isAddress,
  isLoopback,
  isOrigin,
  isReservedClaim,
  list,
  pem,
  safeUrl,
  secret,
  sender,
  smtpUrl,
  wholeNumber,
} from "./fields.ts";

const Environment = z.object({
  APP_URL: z
    .string()
    .transform((text) => text.replace(/\/$/, ""))
    .refine(isOrigin, { error: "must be an origin such as https://login.example.com, without a path" })
    .optional(),
  PORT: wholeNumber(3000, 0, 65_535),
  DATABASE_URL: z
    .string()
    .refine((text) => splitHosts(text) !== null, {
      error: "must be a postgres:// URL of a server that takes writes",
    })
    .optional(),
  DATABASE_PREPARE: choice(["on", "off"]).default("on"),
  DATABASE_POOL: wholeNumber(10, 1, 1_000),
  DATA_FOLDER: z.string().min(1).default(".data"),
  WEB_CONCURRENCY: wholeNumber(1, 1, 256),
  SECRET_KEY: secret.optional(),
  ALGORITHM: choice(["HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA"]).default("HS256"),
  SIGNING_KEY: pem.optional(),
  VERIFYING_KEY: pem.optional(),
  ACCESS_TOKEN_LIFETIME: duration("30m", { minSeconds: 1 }),
  REFRESH_TOKEN_LIFETIME: duration("3d", { minSeconds: 1 }),
  SESSION_MAX_LIFETIME: duration("30d", { minSeconds: 1 }),
  ROTATE_REFRESH_TOKENS: flag("true"),
  BLACKLIST_AFTER_ROTATION: flag("true"),
  UPDATE_LAST_LOGIN: flag("true"),
  LEEWAY: duration("0s", { maxSeconds: 60 }),
  AUDIENCE: list(),
  ISSUER: z.string().optional(),
  USER_ID_CLAIM: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, { error: "must be a claim name of letters, digits and _" })
    .refine((name) => !isReservedClaim(name), { error: "names a claim that has another meaning" })
    .default("user_id"),
  AUTH_HEADER_TYPES: list("Bearer").refine(
    (types) => types.length > 0 && types.every((type) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(type)),
    { error: "must be one or more words, comma-separated" },
  ),
  REFRESH_RETRY_WINDOW: duration("10s", { maxSeconds: 60 }),
  REFRESH_RETRY_WINDOW_JSON: duration("0s", { maxSeconds: 60 }),
  CORS_ORIGINS: list().refine((origins) => origins.every(isOrigin), {
    error: "must be exact origins such as https://app.example.com, comma-separated",
  }),
  TRUSTED_PROXIES: wholeNumber(0, 0, 16),
  MAIL_TRANSPORT: choice(["mailbox", "resend", "smtp"]).default("mailbox"),
  RESEND_API_KEY: z
    .string()
    .regex(/^[!-~]+$/, { error: "must be an API key without spaces" })
    .optional(),
  RESEND_BASE_URL: safeUrl.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: sender.optional(),
  TWO_FACTOR_DEFAULT: choice(["email", "off"]).default("email"),
  REQUIRE_TWO_FACTOR: choice(["off", "admins", "everyone"]).default("off"),
  PASSKEY_RP_ID: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, { error: "must be a host name in lower case, such as example.com" })
    .optional(),
  REGISTRATION: choice(["open", "closed"]).default("open"),
  METRICS_TOKEN: z
    .string()
    .regex(/^[!-~]+$/, { error: "must be a token without spaces" })
    .optional(),
  ALLOW_PRIVATE_TARGETS: choice(["on", "off"]).default("off"),
  RATE_LIMITS: choice(["on", "off"]).default("on"),
});

type Environment = z.output<typeof Environment>;
export type Settings = Environment & {
  APP_URL: string;
  /** Whether APP_URL names a loopback host; everything else is a deployment. */
  local: boolean;
  https: boolean;
  /** What passkeys are bound to; null where APP_URL names an address, which can have none. */
  passkeyRpId: string | null;
};

export type ParsedSettings = { kind: "valid"; settings: Settings } | { kind: "faulty"; faults: string[] };

/**
 * Reads every setting once. An empty value counts as unset. Each fault is one line that names its setting and
 * never repeats its value, which may be a secret.
 */
export function parseSettings(variables: Record<string, string | undefined>): ParsedSettings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    return {
      kind: "faulty",
      faults: parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`),
    };
  }
  const appUrl = parsed.data.APP_URL ?? `http://localhost:${parsed.data.PORT}`;
  const url = new URL(appUrl);
  const settings = {
    ...parsed.data,
    APP_URL: appUrl,
    local: isLoopback(url.hostname),
    https: url.protocol === "https:",
    passkeyRpId: isAddress(url.hostname) ? null : (parsed.data.PASSKEY_RP_ID ?? url.hostname),
  };
  const faults = findFaults(settings);
  return faults.length > 0 ? { kind: "faulty", faults } : { kind: "valid", settings };
}

/** The settings of this process, with those of `envFile` where it exists and the environment names none. */
export function loadSettings(envFile: string): ParsedSettings {
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  return parseSettings(process.env);
}

/** The settings of a process that has started. Throws one line per fault, which a start would have shown. */
export function readSettings(): Settings {
  const parsed = parseSettings(process.env);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  return parsed.settings;
}

/** Whether this process runs `npm run dev`. */
export function isDeveloping(): boolean {
  return process.env.NODE_ENV === "development";
}

/** Tells React and Next which of their builds to use; before either is loaded. */
export function setMode(mode: "production" | "development"): void {
  Object.assign(process.env, { NODE_ENV: mode });
}
