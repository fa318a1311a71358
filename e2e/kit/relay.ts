import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { EmbeddedConnection } from "@/db/embedded.ts";

/** A loopback port behind which a database can come and go. */
export type Relay = {
  port: number;
  /** Cuts every connection and takes no more. */
  close(): Promise<void>;
  /** Takes connections again, on the same port. */
  open(): Promise<void>;
};

/** Passes connections on to the database that `target` names at the time. */
export async function startRelay(target: () => EmbeddedConnection): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const { host, port } = target();
    const database = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      open.add(socket);
      socket
        .on("error", () => {})
        .once("close", () => {
          open.delete(socket);
          other.destroy();
        });
      socket.pipe(other);
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
