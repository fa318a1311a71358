import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the peer does with a request. `drop-after` takes the mail and loses the answer. */
export type Behaviour =
  | "accept"
  | "hang"
  | "drop"
  | "drop-after"
  | { status: number; name?: string; body?: string; headers?: Record<string, string> };

type Mail = {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
};
type Taken = { key: string; authorization: string; mail: Mail };

/**
 * Resend's API as far as `POST /emails` goes, over real HTTP: it remembers idempotency keys, answers a repeated one
 * without sending again, and refuses one that comes with another body, as Resend documents it.
 */
export async function startResendPeer() {
  const requests: Taken[] = [];
  const sent = new Map<string, { body: string; mail: Mail }>();
  const held = new Set<ServerResponse>();
  const peer = { behaviour: "accept" as Behaviour | ((request: Taken) => Behaviour) };

  const server = createServer(async (incoming, outgoing) => {
    const body = await read(incoming);
    const request = {
      key: String(incoming.headers["idempotency-key"]),
      authorization: String(incoming.headers.authorization),
      mail: JSON.parse(body),
    };
    requests.push(request);
    if (incoming.method !== "POST" || incoming.url !== "/emails")
      return answer(outgoing, 404, { name: "not_found" });
    const { behaviour } = peer;
    act(typeof behaviour === "function" ? behaviour(request) : behaviour, request, body, outgoing);
  });

  function act(behaviour: Behaviour, request: Taken, body: string, outgoing: ServerResponse) {
    if (typeof behaviour === "object") return refuse(outgoing, behaviour);
    if (behaviour === "hang") return void held.add(outgoing);
    if (behaviour === "drop") return outgoing.destroy();
    const known = sent.get(request.key);
    if (known && known.body !== body)
      return refuse(outgoing, { status: 409, name: "invalid_idempotent_request" });
    sent.set(request.key, { body, mail: request.mail });
    if (behaviour === "drop-after") return outgoing.destroy();
    answer(outgoing, 200, { id: request.key });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(peer, {
    requests,
    sent,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Answers what hangs. */
    release() {
      for (const outgoing of held) answer(outgoing, 200, { id: "released" });
      held.clear();
    },
    forget() {
      peer.behaviour = "accept";
      requests.length = 0;
      sent.clear();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

export type ResendPeer = Awaited<ReturnType<typeof startResendPeer>>;

function refuse(outgoing: ServerResponse, behaviour: Exclude<Behaviour, string>) {
  const { status, name = "application_error", body, headers = {} } = behaviour;
  const told =
    body ?? JSON.stringify({ statusCode: status, name, message: "ada@example.com 042917 is no good" });
  outgoing.writeHead(status, { "content-type": "application/json", ...headers }).end(told);
}

function answer(outgoing: ServerResponse, status: number, body: object) {
  outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
