import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerBench } from "../kit/child.ts";

/** A `node:http` server that does nothing but answer so many bytes. Replies with its port. */
export type Order = { bodyBytes: number };

answerBench(async ({ bodyBytes }: Order): Promise<number> => {
  const body = "x".repeat(bodyBytes);
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": bodyBytes });
    outgoing.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
});
