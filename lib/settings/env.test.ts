import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { asymmetricAlgorithms, keyPair } from "@/lib/testing/key-material.ts";
import { parseSettings } from "./env.ts";

/** A value nobody would write by accident: it must never come back in a fault. */
const MARK = "zq7-marked-value";
const SECRET = "a secret that only these tests use, long enough";
const DEPLOYED = {
  APP_URL: "https://login.example.com",
  SECRET_KEY: SECRET,
  MAIL_TRANSPORT: "smtp",
  SMTP_URL: "smtps://user:password@mail.example.com",
  MAIL_FROM: "Keyturn <login@example.com>",
};

const read = (variables: Record<string, string | undefined> = {}) => {
  const parsed = parseSettings(variables);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  return parsed.settings;
};
const faultsOf = (variables: Record<string, string | undefined>): string[] => {
  const parsed = parseSettings(variables);
  return parsed.kind === "faulty" ? parsed.faults : [];
};

describe("without any setting", () => {
  it("has the contract's defaults", () => {
    expect(read()).toMatchObject({
      APP_URL: "http://localhost:3000",
      PORT: 3000,
      DATABASE_PREPARE: "on",
      DATABASE_POOL: 10,
      WEB_CONCURRENCY: 1,
      ALGORITHM: "HS256",
      ACCESS_TOKEN_LIFETIME: 30 * 60,
      REFRESH_TOKEN_LIFETIME: 3 * 86_400,
      SESSION_MAX_LIFETIME: 30 * 86_400,
      ROTATE_REFRESH_TOKENS: true,
      BLACKLIST_AFTER_ROTATION: true,
      UPDATE_LAST_LOGIN: true,
      LEEWAY: 0,
      AUDIENCE: [],
      USER_ID_CLAIM: "user_id",
      AUTH_HEADER_TYPES: ["Bearer"],
      REFRESH_RETRY_WINDOW: 10,
      REFRESH_RETRY_WINDOW_JSON: 0,
      CORS_ORIGINS: [],
      TRUSTED_PROXIES: 0,
      TWO_FACTOR_DEFAULT: "email",
      ALLOW_PRIVATE_TARGETS: "off",
      RATE_LIMITS: "on",
      local: true,
      https: false,
    });
    const { DATABASE_URL, SECRET_KEY, SIGNING_KEY, VERIFYING_KEY, ISSUER } = read();
    expect([DATABASE_URL, SECRET_KEY, SIGNING_KEY, VERIFYING_KEY, ISSUER]).toEqual(Array(5).fill(undefined));
  });

  it("an empty value counts as none", () => {
    const empty = Object.fromEntries(Object.keys(read()).map((name) => [name, ""]));
    expect(read({ ...empty, ISSUER: "", SECRET_KEY: "", SIGNING_KEY: "" })).toEqual(read());
  });

  it("names of others in the environment change nothing", () => {
    expect(read({ PATH: "/bin", HOME: "/root", app_url: "https://x.example", __proto__: "x" })).toEqual(
      read(),
    );
  });
});

describe("good values", () => {
  it.each([
    ["ACCESS_TOKEN_LIFETIME", "90s", 90],
    ["ACCESS_TOKEN_LIFETIME", "5m", 300],
    ["REFRESH_TOKEN_LIFETIME", "12h", 43_200],
    ["SESSION_MAX_LIFETIME", "365d", 365 * 86_400],
    ["LEEWAY", "60s", 60],
    ["LEEWAY", "1m", 60],
    ["REFRESH_RETRY_WINDOW", "0s", 0],
    ["REFRESH_RETRY_WINDOW_JSON", "60s", 60],
    ["PORT", "0", 0],
    ["PORT", "65535", 65_535],
    ["ROTATE_REFRESH_TOKENS", "False", false],
    ["UPDATE_LAST_LOGIN", "TRUE", true],
    ["AUDIENCE", "api, web ,", ["api", "web"]],
    ["AUTH_HEADER_TYPES", "Bearer,JWT", ["Bearer", "JWT"]],
    ["USER_ID_CLAIM", "uid", "uid"],
    [
      "CORS_ORIGINS",
      "https://a.example,http://localhost:5173",
      ["https://a.example", "http://localhost:5173"],
    ],
    ["APP_URL", "http://localhost:4000/", "http://localhost:4000"],
    [
      "DATABASE_URL",
      "postgres://u:p@db.example/keyturn?sslmode=require",
      "postgres://u:p@db.example/keyturn?sslmode=require",
    ],
    ["DATABASE_URL", "postgresql://localhost/x", "postgresql://localhost/x"],
    ["DATABASE_URL", "postgres://u:p@one:5432,two:5433/x", "postgres://u:p@one:5432,two:5433/x"],
    ["ISSUER", "https://id.example", "https://id.example"],
  ])("%s=%s", (name, value, expected) => {
    expect(read({ [name]: value })).toMatchObject({ [name]: expected });
  });

  it("the port stands in the address that is assumed", () => {
    expect(read({ PORT: "4001" }).APP_URL).toBe("http://localhost:4001");
  });
});

const DURATIONS = [
  "ACCESS_TOKEN_LIFETIME",
  "REFRESH_TOKEN_LIFETIME",
  "SESSION_MAX_LIFETIME",
  "LEEWAY",
  "REFRESH_RETRY_WINDOW",
  "REFRESH_RETRY_WINDOW_JSON",
];
const NOT_DURATIONS = [
  "30",
  "m",
  "30 m",
  " 30m",
  "30m ",
  "-5m",
  "+5m",
  "1.5h",
  "30min",
  "P1D",
  "30M",
  "1h30m",
  "٣٠m",
  "3０m",
  "1e3s",
  "0x10s",
  "NaNs",
  "99999999999d",
  "9999d",
  MARK,
];
const NOT_NUMBERS = [
  "-1",
  "1.5",
  " 1",
  "1 ",
  "1e3",
  "0x10",
  "٣",
  "NaN",
  "Infinity",
  "9999999999",
  "",
  MARK,
].filter(Boolean);
const NOT_FLAGS = ["yes", "1", "0", "on", "off", "t", " true", "true ", "truefalse", MARK];
const NOT_ORIGINS = [
  "localhost:3000",
  "//login.example.com",
  "login.example.com",
  "ftp://login.example.com",
  "javascript:alert(1)",
  "data:,x",
  "https://login.example.com/path",
  "https://login.example.com?x",
  "https://login.example.com#x",
  "https://user:pass@login.example.com",
  "https://LOGIN.example.com",
  "https://login.example.com:443",
  "https:login.example.com",
  "https://",
  "https://*.example.com",
  "null",
  " https://login.example.com",
  "https://login.example.com\n",
  "https://müller.example",
  MARK,
];

const bad: [name: string, values: string[]][] = [
  ...DURATIONS.map((name): [string, string[]] => [name, NOT_DURATIONS]),
  ...["ACCESS_TOKEN_LIFETIME", "REFRESH_TOKEN_LIFETIME", "SESSION_MAX_LIFETIME"].map(
    (name): [string, string[]] => [name, ["0s", "0d"]],
  ),
  ...["LEEWAY", "REFRESH_RETRY_WINDOW", "REFRESH_RETRY_WINDOW_JSON"].map((name): [string, string[]] => [
    name,
    ["61s", "2m", "1h"],
  ]),
  ["PORT", [...NOT_NUMBERS, "65536"]],
  ["DATABASE_POOL", [...NOT_NUMBERS, "0", "1001"]],
  ["WEB_CONCURRENCY", [...NOT_NUMBERS, "0", "257"]],
  ["TRUSTED_PROXIES", [...NOT_NUMBERS, "17", "all", "true"]],
  ...["ROTATE_REFRESH_TOKENS", "BLACKLIST_AFTER_ROTATION", "UPDATE_LAST_LOGIN"].map(
    (name): [string, string[]] => [name, NOT_FLAGS],
  ),
  ["ALGORITHM", ["none", "None", "hs256", "HS1", "RS384", "ES512", "HS256 ", "dir", "toString", MARK]],
  ["DATABASE_PREPARE", ["true", "ON", "0", MARK]],
  ["TWO_FACTOR_DEFAULT", ["on", "none", "totp", MARK]],
  ["RATE_LIMITS", ["false", "OFF", MARK]],
  ["MAIL_TRANSPORT", ["console", "SMTP", MARK]],
  ["APP_URL", NOT_ORIGINS],
  [
    "CORS_ORIGINS",
    [
      ...NOT_ORIGINS.filter((text) => text === text.trim()),
      "*",
      "https://a.example/,https://b.example",
      "https://a.example https://b.example",
    ],
  ],
  [
    "DATABASE_URL",
    [
      "mysql://x/y",
      "localhost",
      "postgres:/x",
      "postgres://[",
      "postgres://a,,b/x",
      "postgres://a/x?target_session_attrs=standby",
      `sqlite://${MARK}`,
      MARK,
    ],
  ],
  ["SECRET_KEY", ["x", "short", "a".repeat(31), "ä".repeat(15), MARK]],
  ["SIGNING_KEY", ["x", "a".repeat(31), MARK]],
  ["VERIFYING_KEY", ["x", "a".repeat(31), MARK]],
  [
    "USER_ID_CLAIM",
    [
      "user id",
      "1id",
      "user-id",
      "a".repeat(65),
      "sub",
      "exp",
      "iat",
      "jti",
      "sid",
      "gen",
      "aud",
      "iss",
      "nbf",
      "amr",
      "auth_time",
      "token_type",
    ],
  ],
  ["AUTH_HEADER_TYPES", [",", "Bearer token", "Béarer", "Bearer:", "1Bearer", "Bearer\r\nX: y"]],
  ["SMTP_URL", ["http://mail.example.com", "mail.example.com:25", `smtp://${MARK}?tls=off`, MARK]],
  ["RESEND_BASE_URL", ["http://mail.example.com", `https://${MARK}:x@example.com`, MARK]],
  ["MAIL_FROM", ["nobody", "Keyturn <nobody>", "a@b.com\r\nBcc: c@d.com", MARK]],
];

describe("bad values stop the start, each by one line that names the setting and not the value", () => {
  it.each(bad)("%s", (name, values) => {
    const lines = new Set<string>();
    for (const value of values) {
      const faults = faultsOf({ [name]: value });
      const line = expect.stringMatching(new RegExp(`^${name} [\\x20-\\x7e…]+$`));
      expect([value, faults]).toEqual([value, [line]]);
      expect(faults[0]).not.toContain(MARK);
      lines.add(faults[0] ?? "");
    }
    expect(lines.size).toBeLessThanOrEqual(name === "USER_ID_CLAIM" ? 2 : 1);
  });

  it("all at once, one line each", () => {
    const names = [...new Set(bad.map(([name]) => name))];
    const everything = Object.fromEntries(
      names.map((name) => [name, bad.findLast(([each]) => each === name)?.[1].at(-1)]),
    );
    const faults = faultsOf(everything);
    const named = faults.map((fault) => fault.split(" ")[0] ?? "");
    const joined = ["SIGNING_KEY", "VERIFYING_KEY"];
    expect(named.filter((name) => !joined.includes(name)).sort()).toEqual(
      names.filter((name) => !joined.includes(name)).sort(),
    );
    expect(new Set(named).size).toBe(named.length);
  });
});

describe("a deployment", () => {
  it("starts with https, a secret and mail", () => {
    expect(read(DEPLOYED)).toMatchObject({ local: false, https: true });
  });

  it.each([
    ["http://localhost:3000", true],
    ["http://app.localhost", true],
    ["http://127.0.0.1:3000", true],
    ["http://127.9.9.9", true],
    ["http://[::1]:3000", true],
    ["https://localhost", true],
    ["https://localhost.example.com", false],
    ["https://127.0.0.1.example.com", false],
    ["https://notlocalhost", false],
    ["https://10.0.0.1", false],
    ["https://0.0.0.0", false],
    ["https://[::]", false],
  ])("%s names this machine: %s", (url, local) => {
    expect(read({ ...DEPLOYED, APP_URL: url }).local).toBe(local);
  });

  it.each([
    ["APP_URL", { APP_URL: "http://login.example.com" }],
    ["APP_URL", { APP_URL: "http://localhost.example.com" }],
    ["SECRET_KEY", { SECRET_KEY: undefined }],
    ["SECRET_KEY", { SECRET_KEY: "change-me-change-me-change-me-change-me" }],
    ["SECRET_KEY", { SECRET_KEY: "Change_Me change me change me change me" }],
    ["SECRET_KEY", { SECRET_KEY: "changeme".repeat(5) }],
    ["SECRET_KEY", { SECRET_KEY: "replace-me-with-openssl-rand-base64-48!!" }],
    ["SECRET_KEY", { SECRET_KEY: "django-insecure-0123456789abcdefghijklmnopqrstuv" }],
    ["SECRET_KEY", { SECRET_KEY: "your-256-bit-secret-your-256-bit-secret" }],
    ["SECRET_KEY", { SECRET_KEY: "a-string-secret-at-least-256-bits-long" }],
    ["SECRET_KEY", { SECRET_KEY: "keyboard cat keyboard cat keyboard cat" }],
    ["SECRET_KEY", { SECRET_KEY: "0".repeat(64) }],
    ["SIGNING_KEY", { SIGNING_KEY: "your-256-bit-secret-your-256-bit-secret" }],
    ["VERIFYING_KEY", { VERIFYING_KEY: "your-256-bit-secret-your-256-bit-secret" }],
    ["RATE_LIMITS", { RATE_LIMITS: "off" }],
    ["METRICS_TOKEN", { METRICS_TOKEN: "fifteen-bytes-x" }],
    ["MAIL_TRANSPORT", { MAIL_TRANSPORT: "mailbox" }],
    ["MAIL_TRANSPORT", { MAIL_TRANSPORT: undefined }],
    ["SMTP_URL", { SMTP_URL: undefined }],
    ["MAIL_FROM", { MAIL_FROM: undefined }],
    ["RESEND_API_KEY", { MAIL_TRANSPORT: "resend" }],
  ])("does not start over %s: %j", (name, change: Record<string, string | undefined>) => {
    const faults = faultsOf({ ...DEPLOYED, ...change });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
    for (const value of Object.values(change))
      if (value && value.length > 10) expect(faults.join()).not.toContain(value);
  });

  it("locally none of that is asked", () => {
    expect(read({ METRICS_TOKEN: "x" }).METRICS_TOKEN).toBe("x");
    expect(read({ RATE_LIMITS: "off", SECRET_KEY: "change-me-change-me-change-me-change-me" }).local).toBe(
      true,
    );
  });
});

describe("keys", () => {
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const curve = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const pem = (key: typeof small, options: object = {}) =>
    key.export({ type: "pkcs8", format: "pem", ...options } as { type: "pkcs8"; format: "pem" }).toString();
  const encrypted = pem(keyPair("RS256").privateKey, { cipher: "aes-256-cbc", passphrase: "x" });

  it.each(
    asymmetricAlgorithms,
  )("%s takes its own key, with line breaks or \\n, and every retired public key", (algorithm) => {
    const { privatePem } = keyPair(algorithm);
    const retired = `${keyPair(algorithm, "earlier").publicPem}${keyPair(algorithm, "theirs").publicPem}`;
    const plain = read({ ALGORITHM: algorithm, SIGNING_KEY: privatePem, VERIFYING_KEY: retired });
    const escaped = read({
      ALGORITHM: algorithm,
      SIGNING_KEY: privatePem.replaceAll("\n", "\\n"),
      VERIFYING_KEY: retired.replaceAll("\n", "\\n"),
    });
    expect(escaped).toEqual(plain);
  });

  it.each(
    asymmetricAlgorithms,
  )("%s refuses no key, another's, a public one, a small one and a locked one", (algorithm) => {
    const family = algorithm.startsWith("RS") || algorithm.startsWith("PS") ? "RSA" : algorithm;
    const others = asymmetricAlgorithms.filter((other) =>
      family !== "RSA" ? other !== algorithm : !/^[RP]S/.test(other),
    );
    const keys = [
      undefined,
      MARK,
      SECRET,
      keyPair(algorithm).publicPem,
      encrypted,
      pem(small),
      pem(curve),
      keyPair(algorithm).privatePem.slice(0, -40),
      ...others.map((other) => keyPair(other).privatePem),
    ];
    for (const key of keys) {
      const faults = faultsOf({ ALGORITHM: algorithm, SIGNING_KEY: key });
      expect(faults).toEqual([expect.stringMatching(/^SIGNING_KEY [ -~]+$/)]);
      expect(faults.join()).not.toContain(MARK);
    }
    const mixed = keyPair(algorithm, "earlier").publicPem + (others[0] ? keyPair(others[0]).publicPem : "");
    for (const key of [MARK, SECRET, mixed]) {
      const faults = faultsOf({
        ALGORITHM: algorithm,
        SIGNING_KEY: keyPair(algorithm).privatePem,
        VERIFYING_KEY: key,
      });
      expect(faults).toEqual([expect.stringMatching(/^VERIFYING_KEY [ -~]+$/)]);
    }
  });

  it.each([
    "HS256",
    "HS384",
    "HS512",
  ])("%s refuses a key in PEM, which others may know the half of", (algorithm) => {
    for (const name of ["SIGNING_KEY", "VERIFYING_KEY"]) {
      for (const key of [keyPair("RS256").publicPem, keyPair("ES256").privatePem]) {
        const faults = faultsOf({ ALGORITHM: algorithm, [name]: key });
        expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
      }
    }
  });

  it("an HMAC secret is kept as it is written, to the last byte, as SimpleJWT reads it", () => {
    const secret = String.raw` a secret with \n in it and spaces around it `;
    expect(read({ SIGNING_KEY: secret }).SIGNING_KEY).toBe(secret);
  });
});
