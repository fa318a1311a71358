import type { Database } from "@/db/client.ts";
import type { Clock } from "@/lib/base/clock.ts";
import { deriveKey, type KeyObject, keyId } from "@/lib/base/crypto.ts";
import type { Settings } from "@/lib/settings/env.ts";
import type { TokenKeys } from "@/lib/tokens/keys.ts";

/** What telling applications takes besides the database, the time and the keys of tokens. */
export type DeliveryDeps = {
  /** Encrypts the secrets of webhooks; the id stands beside each. */
  sealing: { id: string; key: KeyObject };
  /** Who says so: the issuer of log-out tokens, as of ID tokens. */
  issuer: string;
  /** Whether messages may go to this machine and its private networks. */
  allowPrivate: boolean;
  /** Says that something was committed. A worker of this process sends it at once; others find it within a second. */
  wake(): void;
  /** Calls `listener` at every `wake`, until the function it returns is called. */
  onWake(listener: () => void): () => void;
};

/** The parts of an app that telling applications takes. */
export type DeliveryApp = {
  db: Database;
  clock: Clock;
  deliveries: DeliveryDeps;
  tokens: { keys: TokenKeys };
};

/** @param secret the SECRET_KEY in force */
export function createDeliveryDeps(settings: Settings, secret: string): DeliveryDeps {
  const listeners = new Set<() => void>();
  return {
    sealing: { id: keyId(secret, "webhook"), key: deriveKey(secret, "webhook") },
    issuer: settings.APP_URL,
    allowPrivate: settings.ALLOW_PRIVATE_TARGETS === "on",
    wake() {
      for (const listener of listeners) listener();
    },
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
