import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A loopback port behind which a database can come and go. */
export type Relay = {
  port: number;
  /** Cuts every connection and takes no more. */
  close(): Promise<void>;
  /** Takes connections again, on the same port. */
  open(): Promise<void>;
  /**
   * From now on nothing passes on the connections there are, nor on later ones, and none is closed but by the database,
   * to which its keep-alive tells after a while that nobody is there: on a loopback it can't find out by itself.
   */
  silence(): void;
  /** Passes on what comes on later connections. Those that were silenced stay so. */
  speak(): void;
};

/** Where a database listens; a folder is that of its socket. */
type Target = { host: string; port: number };

const KEEP_ALIVE_TELLS_AFTER_MS = 20_000;

/** Passes connections on to the database that `target` names at the time. */
export async function startRelay(target: () => Target): Promise<Relay> {
  const open = new Set<Socket>();
  const databases = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  let silent = false;
  /** What is still sent is read and dropped, as by a network that loses every packet. */
  const drop = (socket: Socket) => {
    silenced.add(socket);
    socket.unpipe();
    socket.resume();
  };
  const server = createServer((client) => {
    if (silent) {
      open.add(client.on("error", () => {}).once("close", () => open.delete(client)));
      return drop(client);
    }
    const { host, port } = target();
    const database = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    databases.add(database.once("close", () => databases.delete(database)));
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(socket);
      socket
        .on("error", () => socket === database && !silenced.has(client) && client.resetAndDestroy())
        .once("close", () => {
          open.delete(socket);
          if (!silenced.has(socket)) other.destroy();
        });
      socket.on("end", () => silenced.has(socket) || other.end());
      socket.pipe(other, { end: false });
    }
  });
  let port = 0;
  const relay = {
    get port() {
      return port;
    },
    async open() {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      port = (server.address() as AddressInfo).port;
    },
    silence() {
      silent = true;
      for (const socket of open) drop(socket);
      const unheard = [...databases];
      const tell = () => {
        for (const socket of unheard) socket.destroy();
      };
      setTimeout(tell, KEEP_ALIVE_TELLS_AFTER_MS).unref();
    },
    speak() {
      silent = false;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  await relay.open();
  return relay;
}
