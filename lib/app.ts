import type { Database } from "@/db/client.ts";
import type { Clock } from "./clock.ts";
import { deriveKey, type KeyObject } from "./crypto.ts";
import type { Settings } from "./env.ts";
import { createMailDeps, type MailDeps } from "./mail/mail-deps.ts";
import { createMetrics, type Metrics, noMetrics } from "./metrics.ts";
import { createPasswordHasher, type PasswordHasher, type PasswordsUse } from "./passwords.ts";
import { pemBlocks } from "./settings-faults.ts";
import type { Expectations } from "./tokens/claims.ts";
import { createTokenKeys, type TokenKeys } from "./tokens/keys.ts";
import type { TokenPolicy } from "./tokens/session-tokens.ts";

/** Everything a verb works with besides its input and the time. */
export type App = {
  settings: Settings;
  db: Database;
  clock: Clock;
  passwords: PasswordHasher;
  passwordsUse(): PasswordsUse;
  mail: MailDeps;
  /** Counts only where METRICS_TOKEN lets somebody read it. */
  metrics: Metrics;
  tokens: { keys: TokenKeys; policy: TokenPolicy; expectations: Expectations };
  /** Hashes the Idempotency-Keys of refreshes. */
  retryKeyHashing: KeyObject;
  /** Hashes the codes of challenges. */
  codeHashing: KeyObject;
  /** Hashes what rate limits count. */
  limitHashing: KeyObject;
};

/**
 * Puts an app together from its parts; nothing in it is global.
 *
 * @param secret the SECRET_KEY in force, from the settings or made locally
 */
export async function createApp(
  settings: Settings,
  secret: string,
  parts: { db: Database; clock: Clock; passwords?: PasswordHasher },
): Promise<App> {
  const shared = {
    userIdClaim: settings.USER_ID_CLAIM,
    issuer: settings.ISSUER,
    audience: settings.AUDIENCE,
  };
  const keys = await createTokenKeys({
    algorithm: settings.ALGORITHM,
    secret,
    signingKey: settings.SIGNING_KEY,
    verifyingKeys: settings.VERIFYING_KEY ? pemBlocks(settings.VERIFYING_KEY) : [],
  });
  const hasher = createPasswordHasher();
  return {
    settings,
    db: parts.db,
    clock: parts.clock,
    mail: createMailDeps(settings, secret),
    metrics: settings.METRICS_TOKEN ? createMetrics() : noMetrics,
    passwords: parts.passwords ?? hasher,
    passwordsUse: hasher.use,
    tokens: {
      keys,
      policy: { ...shared, accessLifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME },
      expectations: { ...shared, leewaySeconds: settings.LEEWAY },
    },
    retryKeyHashing: deriveKey(secret, "retry key"),
    codeHashing: deriveKey(secret, "code"),
    limitHashing: deriveKey(secret, "rate limit"),
  };
}
