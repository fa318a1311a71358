import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export type Refusal = { at: "connect" | "from" | "recipient" | "content"; code: number };
type Received = {
  from: string;
  to: string[];
  mail: ParsedMail;
  encrypted: boolean;
  user: string | undefined;
};

const refusal = (code: number) =>
  Object.assign(new Error("no, said of ada@example.com"), { responseCode: code });

/** A real SMTP server that takes mail apart, and can refuse it at any step or go away in the middle of it. */
export async function startSmtpPeer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const peer = { refuse: null as Refusal | null, vanish: false };
  const step = (at: Refusal["at"], callback: (error?: Error | null) => void) =>
    callback(peer.refuse?.at === at ? refusal(peer.refuse.code) : null);

  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _session, callback) =>
      password === "pass word/@:" ? callback(null, { user: username }) : callback(refusal(535)),
    onConnect: (_session, callback) => step("connect", callback),
    onMailFrom: (_address, _session, callback) => step("from", callback),
    onRcptTo: (_address, _session, callback) => step("recipient", callback),
    onData(stream, session, callback) {
      if (peer.vanish) return void stream.once("data", () => cut(server));
      simpleParser(stream).then((mail) => {
        if (peer.refuse?.at === "content") return callback(refusal(peer.refuse.code));
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          mail,
          encrypted: session.secure,
          user: session.user,
        });
        callback(null);
      }, callback);
    },
    ...options,
  });
  server.on("error", () => {});
  server.listen(0, "0.0.0.0");
  await once(server.server, "listening");
  return Object.assign(peer, {
    received,
    port: (server.server.address() as AddressInfo).port,
    forget() {
      Object.assign(peer, { refuse: null, vanish: false });
      received.length = 0;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

/** Gone without a word, as when a machine dies. */
function cut(server: SMTPServer) {
  for (const connection of server.connections) {
    (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
  }
}
