import type { Sql } from "postgres";

/** SQLSTATE of a write on a server, or a session, that takes none. */
const READ_ONLY = "25006";
/** Of what was sent on a connection that went dead. */
const SILENT = "CONNECTION_SILENT";
/** What says that a server has gone or is going. Another error of a statement is none of its server's fault. */
const GONE = /^(E[A-Z]+|CONNECT.*|08...|57P0[1-3]|25006)$/;
/** While the database takes no writes, its connections are made anew no more often than this. */
const RENEW_AFTER_MS = 1_000;
/** How long after no server took writes they are asked again. */
const ASK_AGAIN_AFTER_MS = 250;

/** Where connections lead, and how to open them. */
export type Route<Place> = {
  places: [Place, ...Place[]];
  open(place: Place): Sql;
  /** Which of the places takes writes now. */
  find(places: Place[]): Promise<Place | undefined>;
};

export type Connections = {
  current(): Sql;
  /** Gives every connection of `client` up where `code` says that theirs take no writes, are dead, or lead nowhere. */
  giveUpAfter(client: Sql, code: string): void;
  close(): Promise<void>;
};

/**
 * A pool that can be made anew. After a failover a connection to what is a standby now stays open and answers, and
 * refuses every write for as long as it lives; so does one that was told so by a setting; and one whose network drops
 * packets stays open and never answers. Queries that are under way on the old connections get some seconds to finish.
 *
 * Of several places the one that takes writes is looked for, by one look at a time, from the first failure until there
 * is one; meanwhile calls fail as those of a database that is away. Nothing that failed is sent again.
 */
export function createConnections<Place>({ places, open, find }: Route<Place>): Connections {
  let place = places[0];
  const first = open(place);
  let client = first;
  let openedMs = Number.NEGATIVE_INFINITY;
  let looking = false;
  let closed = false;

  function renew(at: Place): void {
    openedMs = performance.now();
    place = at;
    const old = client;
    client = open(at);
    // Drizzle has told the first pool how to read and write its types.
    Object.assign(client.options.parsers, first.options.parsers);
    Object.assign(client.options.serializers, first.options.serializers);
    void old.end({ timeout: 5 });
  }

  const mayRenew = () => performance.now() - openedMs >= RENEW_AFTER_MS;

  /** `useless`: the present connections are of no use even where they lead to the right place. */
  async function look(useless: boolean): Promise<void> {
    looking = true;
    for (;;) {
      const found = await find(places);
      if (closed) return;
      if (found !== undefined && (found !== place || (useless && mayRenew()))) renew(found);
      if (found !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER_MS).unref());
    }
    looking = false;
  }

  return {
    current: () => client,
    giveUpAfter(failed, code) {
      if (failed !== client || closed) return;
      const useless = code === READ_ONLY || code === SILENT;
      if (places.length === 1) {
        if (useless && mayRenew()) renew(place);
      } else if (!looking && GONE.test(code)) void look(useless);
    },
    close() {
      closed = true;
      return client.end({ timeout: 5 });
    },
  };
}
