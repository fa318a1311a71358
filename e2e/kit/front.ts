import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** Which request, such as `POST /api/token/refresh`. */
type Which = (call: string) => boolean;

/** What stands between browsers and several servers, takes turns with them, and can lose answers. */
export type Front = {
  /** Answers that were asked for and came whole, but never reached the browser. */
  lost: string[];
  /** From now on these requests are served, and their answers lost; null loses none. */
  lose(which: Which | null): void;
  /** How often each server was asked. */
  asked: number[];
  stop(): Promise<void>;
};

/** Listens on `port` and passes requests on to `origins`, one after the other. */
export async function startFront(port: number, origins: string[]): Promise<Front> {
  let losing: Which | null = null;
  const asked = origins.map(() => 0);
  const lost: string[] = [];
  let turn = 0;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse) {
    const target = turn % origins.length;
    turn += 1;
    asked[target] = (asked[target] ?? 0) + 1;
    const call = `${incoming.method} ${incoming.url}`;
    const { method, url: path, headers } = incoming;
    const forward = request(origins[target] ?? "", { method, path, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      if (losing?.(call)) {
        lost.push(call);
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      outgoing.end(Buffer.concat(chunks));
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  }

  const server = createServer(pass).listen(port);
  await once(server, "listening");
  return {
    asked,
    lost,
    lose(which) {
      losing = which;
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
