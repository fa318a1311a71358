import type { Database } from "@/db/client.ts";
import type { Clock } from "@/lib/base/clock.ts";
import { deriveKey, type KeyObject } from "@/lib/base/crypto.ts";
import type { Settings } from "@/lib/settings/env.ts";
import type { Sender } from "@/lib/settings/fields.ts";
import { chooseTransport } from "./transports/choose-transport.ts";
import type { Transport } from "./transports/transport.ts";

/** Only the local mailbox goes without an address of its own: nothing leaves the machine there. */
const LOCAL_SENDER: Sender = { name: "Keyturn", address: "keyturn@localhost" };

/** What writing and sending mail takes besides the database and the time. */
export type MailDeps = {
  /** Seals what waits in the outbox. */
  sealingKey: KeyObject;
  from: Sender;
  appUrl: string;
  transport: Transport;
  /** Says that mail was committed. A worker of this process sends it at once; others find it within a second. */
  wake(): void;
  /** Calls `listener` at every `wake`, until the function it returns is called. */
  onWake(listener: () => void): () => void;
};

/** The parts of an app that sending mail takes. */
export type MailApp = { db: Database; clock: Clock; mail: MailDeps };

/** @param secret the SECRET_KEY in force */
export function createMailDeps(settings: Settings, secret: string): MailDeps {
  const listeners = new Set<() => void>();
  return {
    sealingKey: deriveKey(secret, "outbox"),
    from: settings.MAIL_FROM ?? LOCAL_SENDER,
    appUrl: settings.APP_URL,
    transport: chooseTransport(settings),
    wake() {
      for (const listener of listeners) listener();
    },
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
