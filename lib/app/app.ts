import type { Database, Transaction } from "@/db/client.ts";
import { type LogWatch, nobodyWaits } from "@/db/watch-log.ts";
import type { Clock } from "@/lib/base/clock.ts";
import { deriveKey, type KeyObject, keyId } from "@/lib/base/crypto.ts";
import { createDeliveryDeps, type DeliveryDeps } from "@/lib/deliveries/delivery-deps.ts";
import { wakingDeliveries } from "@/lib/deliveries/wake.ts";
import { createMailDeps, type MailDeps } from "@/lib/mail/mail-deps.ts";
import { inTransaction } from "@/lib/mail/outbox.ts";
import { createMetrics, type Metrics, noMetrics } from "@/lib/metrics/counters.ts";
import { createPasswordHasher, type PasswordHasher, type PasswordsUse } from "@/lib/passwords/hash.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { pemBlocks } from "@/lib/settings/faults.ts";
import type { Expectations } from "@/lib/tokens/claims.ts";
import { createTokenKeys, type TokenKeys } from "@/lib/tokens/keys.ts";
import type { TokenPolicy } from "@/lib/tokens/session-tokens.ts";

/** Everything a verb works with besides its input and the time. */
export type App = {
  settings: Settings;
  db: Database;
  /** Does `work` in one transaction; once that is committed, has the mail sent and the applications told that it queued. */
  transaction<Done>(work: (transaction: Transaction) => Promise<Done>): Promise<Done>;
  clock: Clock;
  /** Tells when sessions ended, here or in another process. */
  revocationLog: LogWatch;
  passwords: PasswordHasher;
  passwordsUse(): PasswordsUse;
  mail: MailDeps;
  deliveries: DeliveryDeps;
  /** Counts only where METRICS_TOKEN lets somebody read it. */
  metrics: Metrics;
  tokens: { keys: TokenKeys; policy: TokenPolicy; expectations: Expectations };
  /** Hashes the Idempotency-Keys of refreshes. */
  retryKeyHashing: KeyObject;
  /** Hashes the codes of challenges. */
  codeHashing: KeyObject;
  /** Hashes recovery codes. */
  recoveryHashing: KeyObject;
  /** Makes what a passkey is to sign. */
  passkeyHashing: KeyObject;
  /** Encrypts the secrets of authenticator apps; the id stands beside each. */
  totpSealing: { id: string; key: KeyObject };
  /** Hashes the secrets of applications. */
  clientSecretHashing: KeyObject;
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
  parts: Pick<App, "db" | "clock"> & { passwords?: PasswordHasher; revocationLog?: LogWatch },
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
  const mail = createMailDeps(settings, secret);
  const deliveries = createDeliveryDeps(settings, secret);
  return {
    settings,
    db: parts.db,
    clock: parts.clock,
    revocationLog: parts.revocationLog ?? nobodyWaits,
    transaction: wakingDeliveries(deliveries, (work) => inTransaction(parts.db, mail, work)),
    mail,
    deliveries,
    metrics: settings.METRICS_TOKEN ? createMetrics() : noMetrics,
    passwords: parts.passwords ?? hasher,
    passwordsUse: hasher.use,
    tokens: {
      keys,
      policy: {
        ...shared,
        applicationIssuer: settings.APP_URL,
        accessLifetimeSeconds: settings.ACCESS_TOKEN_LIFETIME,
      },
      expectations: { ...shared, leewaySeconds: settings.LEEWAY },
    },
    retryKeyHashing: deriveKey(secret, "retry key"),
    codeHashing: deriveKey(secret, "code"),
    recoveryHashing: deriveKey(secret, "recovery code"),
    passkeyHashing: deriveKey(secret, "passkey challenge"),
    totpSealing: { id: keyId(secret, "totp"), key: deriveKey(secret, "totp") },
    clientSecretHashing: deriveKey(secret, "client secret"),
    limitHashing: deriveKey(secret, "rate limit"),
  };
}
