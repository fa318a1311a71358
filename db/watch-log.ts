import postgres, { type Options } from "postgres";
import type { Connection } from "./client.ts";
import { splitHosts } from "./hosts.ts";
import { answered } from "./patience.ts";
import { REVOCATIONS_CHANNEL } from "./queries/end-sessions.ts";
import { findTakingWrites } from "./takes-writes.ts";

export type LogWatch = {
  /** How often the log may have grown so far. */
  count(): number;
  /**
   * Resolves with true as soon as `count` is not `since` any more; with false after `withinMs`, or once this process stops.
   */
  growth(since: number, withinMs: number): Promise<boolean>;
  /** Lets everybody go who waits, and whoever comes. */
  release(): void;
  close(): Promise<void>;
};

/** For an app that serves nobody: whoever asks is told at once that nothing has come. */
export const nobodyWaits: LogWatch = {
  count: () => 0,
  growth: () => Promise.resolve(false),
  release() {},
  close: () => Promise.resolve(),
};

/** While nobody tells us, those who wait look as often as this. */
const LOOK_EVERY_MS = 500;
/** How soon after it failed the connection is opened anew. */
const LISTEN_AGAIN_AFTER_MS = 1_000;
/** A connection over which nothing comes may be dead: it is asked, and must answer two seconds later than this at most. */
const ASK_EVERY_MS = 5_000;

type Listening = { client: postgres.Sql; isOpen: boolean };

/**
 * Tells when the log of revocations may have grown. From the first who waits on, one connection of this process listens,
 * and nothing else is asked; without it (behind a pooler, or while it is lost) those who wait look twice a second.
 *
 * @param listens whether the connection may be kept for itself: a pooler in transaction mode lets nobody listen
 */
export function watchLog(connection: Connection, { listens }: { listens: boolean }): LogWatch {
  let count = 0;
  let released = false;
  let listening: Listening | null = null;
  let timers: NodeJS.Timeout[] = [];
  const waiting = new Set<(grown: boolean) => void>();

  function letGo(grown: boolean): void {
    const those = [...waiting];
    waiting.clear();
    for (const go of those) go(grown);
  }

  function grow(): void {
    count += 1;
    letGo(true);
  }

  function every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    timer.unref();
    timers.push(timer);
  }

  function begin(): void {
    if (timers.length > 0 || released) return;
    every(LOOK_EVERY_MS, () => {
      if (waiting.size > 0 && !listening?.isOpen) grow();
    });
    if (!listens) return;
    const listenAgain = () => {
      if (!listening) void listen();
    };
    listenAgain();
    every(LISTEN_AGAIN_AFTER_MS, listenAgain);
    every(ASK_EVERY_MS, () => {
      if (listening?.isOpen) void stillThere(listening);
    });
  }

  async function listen(): Promise<void> {
    const mine: Listening = { client: undefined as never, isOpen: false };
    listening = mine;
    const place = await placeToListen(connection);
    if (place === undefined || released) return forget(mine);
    mine.client = openListener(place, { onnotify: grow, onclose: () => forget(mine) });
    try {
      await answered({ limitMs: 0 }, mine.client.unsafe(`listen "${REVOCATIONS_CHANNEL}"`));
      mine.isOpen = true;
      grow();
    } catch {
      forget(mine);
    }
  }

  async function stillThere(mine: Listening): Promise<void> {
    await answered({ limitMs: 0 }, mine.client.unsafe("select")).catch(() => forget(mine));
  }

  function forget(mine: Listening): void {
    mine.isOpen = false;
    if (listening !== mine) return;
    listening = null;
    void mine.client?.end({ timeout: 0 });
  }

  function release(): void {
    released = true;
    for (const timer of timers) clearInterval(timer);
    timers = [];
    letGo(false);
  }

  return {
    count: () => count,
    growth(since, withinMs) {
      if (released || withinMs <= 0) return Promise.resolve(false);
      if (count !== since) return Promise.resolve(true);
      begin();
      return new Promise((resolve) => {
        const late = setTimeout(() => {
          waiting.delete(go);
          resolve(false);
        }, withinMs);
        const go = (grown: boolean) => {
          clearTimeout(late);
          resolve(grown);
        };
        waiting.add(go);
      });
    },
    release,
    async close() {
      release();
      const client = listening?.client;
      listening = null;
      await client?.end({ timeout: 1 });
    },
  };
}

/** Only the server that takes writes tells of them. */
async function placeToListen(connection: Connection): Promise<Connection | undefined> {
  const urls = typeof connection === "string" ? splitHosts(connection) : null;
  return urls && urls.length > 1 ? findTakingWrites(urls) : connection;
}

/** A connection that is kept, and not opened anew by itself. */
function openListener(place: Connection, told: { onnotify(): void; onclose(): void }): postgres.Sql {
  const options: Options<Record<string, never>> & typeof told = {
    max: 1,
    prepare: false,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: "keyturn" },
    ...told,
  };
  return typeof place === "string"
    ? postgres(place, options)
    : postgres({ ...place, ssl: false, ...options });
}
