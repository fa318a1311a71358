import { existsSync } from "node:fs";
import { z } from "zod";
import { readPrivateKey, readPublicKey } from "./crypto.ts";

/** Values that stand in examples and tutorials, ours included: known to everybody, so never a deployment's secret. */
const PUBLISHED_SECRET =
  /^change.?me|^replace.?me|^django-insecure-|^your.(256-bit.)?secret|^a-string-secret-at-least-256-bits|^keyboard.cat/i;
const SECRET_MIN_BYTES = 32;

const SECONDS_PER_UNIT = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

const duration = (fallback: string, { minSeconds = 0, maxSeconds = 10 * 365 * 86_400 } = {}) =>
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

const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);

const oneOf = <const Value extends string>(values: readonly [Value, ...Value[]], fallback: NoInfer<Value>) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` }).default(fallback);

const flag = (fallback: "true" | "false") =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.toLowerCase())
    .pipe(z.enum(["true", "false"], { error: "must be true or false" }))
    .transform((text) => text === "true");

const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  );

const secret = z
  .string()
  .refine((text) => Buffer.byteLength(text) >= SECRET_MIN_BYTES, {
    error: `must have at least ${SECRET_MIN_BYTES} bytes`,
  })
  .optional();

const pem = z
  .string()
  .transform((text) => text.replaceAll("\\n", "\n").trim())
  .optional();

const origin = (text: string) => URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);

const Environment = z.object({
  APP_URL: z
    .string()
    .transform((text) => text.replace(/\/$/, ""))
    .refine(origin, { error: "must be an origin such as https://login.example.com, without a path" })
    .optional(),
  PORT: wholeNumber(3000, 0, 65_535),
  DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), {
      error: "must be a postgres:// URL",
    })
    .optional(),
  DATABASE_PREPARE: oneOf(["on", "off"], "on"),
  DATABASE_POOL: wholeNumber(10, 1, 1_000),
  DATA_FOLDER: z.string().min(1).default(".data"),
  WEB_CONCURRENCY: wholeNumber(1, 1, 256),
  SECRET_KEY: secret,
  ALGORITHM: oneOf(["HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA"], "HS256"),
  SIGNING_KEY: pem,
  VERIFYING_KEY: pem,
  ACCESS_TOKEN_LIFETIME: duration("30m", { minSeconds: 1 }),
  REFRESH_TOKEN_LIFETIME: duration("3d", { minSeconds: 1 }),
  SESSION_MAX_LIFETIME: duration("30d", { minSeconds: 1 }),
  ROTATE_REFRESH_TOKENS: flag("true"),
  BLACKLIST_AFTER_ROTATION: flag("true"),
  UPDATE_LAST_LOGIN: flag("true"),
  LEEWAY: duration("0s", { maxSeconds: 60 }),
  AUDIENCE: list,
  ISSUER: z.string().optional(),
  USER_ID_CLAIM: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, { error: "must be a claim name of letters, digits and _" })
    .refine((name) => !RESERVED_CLAIMS.has(name), { error: "names a claim that has another meaning" })
    .default("user_id"),
  AUTH_HEADER_TYPES: z
    .string()
    .default("Bearer")
    .transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .refine((types) => types.length > 0 && types.every((type) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(type)), {
      error: "must be one or more words, comma-separated",
    }),
  REFRESH_RETRY_WINDOW: duration("10s", { maxSeconds: 60 }),
  REFRESH_RETRY_WINDOW_JSON: duration("0s", { maxSeconds: 60 }),
  CORS_ORIGINS: list.refine((origins) => origins.every(origin), {
    error: "must be exact origins such as https://app.example.com, comma-separated",
  }),
  TRUSTED_PROXIES: wholeNumber(0, 0, 16),
  TWO_FACTOR_DEFAULT: oneOf(["email", "off"], "email"),
});

const RESERVED_CLAIMS = new Set("token_type jti iat exp nbf sub sid gen auth_time amr iss aud".split(" "));

type Environment = z.output<typeof Environment>;
export type Settings = Environment & {
  APP_URL: string;
  /** Whether APP_URL names a loopback host; everything else is a deployment. */
  local: boolean;
  https: boolean;
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
  };
  const faults = [...deploymentFaults(settings), ...keyFaults(settings)];
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

/** Tells React and Next which of their builds to use; before either is loaded. */
export function setMode(mode: "production" | "development"): void {
  Object.assign(process.env, { NODE_ENV: mode });
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function deploymentFaults(settings: Settings): string[] {
  if (settings.local) return [];
  const faults: string[] = [];
  if (!settings.https) faults.push("APP_URL must begin with https:// unless it names this machine");
  if (!settings.SECRET_KEY) faults.push("SECRET_KEY is required; make one with: openssl rand -base64 48");
  for (const name of ["SECRET_KEY", "SIGNING_KEY"] as const) {
    const value = settings[name] ?? "";
    if (PUBLISHED_SECRET.test(value) || new Set(value).size === 1)
      faults.push(`${name} is a published example value; make your own`);
  }
  return faults;
}

function keyFaults({ ALGORITHM, SIGNING_KEY, VERIFYING_KEY }: Settings): string[] {
  if (ALGORITHM.startsWith("HS")) {
    const valid = SIGNING_KEY === undefined || secret.safeParse(SIGNING_KEY).success;
    return valid
      ? []
      : [`SIGNING_KEY must be a secret of at least ${SECRET_MIN_BYTES} bytes of your own making`];
  }
  if (!SIGNING_KEY) return [`SIGNING_KEY is required: a private key in PEM for ${ALGORITHM}`];
  const faults: string[] = [];
  if (!fits(ALGORITHM, SIGNING_KEY, readPrivateKey)) {
    faults.push(`SIGNING_KEY must be a private key in PEM that fits ${ALGORITHM}`);
  }
  if (VERIFYING_KEY && !pemBlocks(VERIFYING_KEY).every((block) => fits(ALGORITHM, block, readPublicKey))) {
    faults.push(`VERIFYING_KEY must be public keys in PEM that fit ${ALGORITHM}`);
  }
  return faults;
}

/** The PEM blocks in `text`, one key each. */
export function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [text];
}

function fits(algorithm: string, block: string, read: typeof readPrivateKey): boolean {
  try {
    const key = read(block);
    const details = key.asymmetricKeyDetails ?? {};
    if (algorithm === "ES256") return key.asymmetricKeyType === "ec" && details.namedCurve === "prime256v1";
    if (algorithm === "EdDSA") return key.asymmetricKeyType === "ed25519";
    return key.asymmetricKeyType === "rsa" && (details.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}
