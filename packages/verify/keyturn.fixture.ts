import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from "jose";
import { onTestFinished } from "vitest";

export const ISSUER = "https://login.example.com";
export const CLIENT = { id: "a shop: 1", secret: "s3cret/+&" };

type Entry = { sid: string | null; sub: string | null; reason: string; at: string; until: string };
type Answer = "none" | { status: number; headers?: Record<string, string>; body?: unknown };

/** What a person's access token says at noon, when tests begin. */
export const CLAIMS = {
  iss: ISSUER,
  token_type: "access",
  sub: "ada",
  sid: "phone",
  iat: Date.parse("2026-11-27T11:55:00Z") / 1000,
  exp: Date.parse("2026-11-27T12:25:00Z") / 1000,
};

export function ended(sid: string | null, changed: Partial<Entry> = {}): Entry {
  const times = { at: "2026-11-27T12:00:00.400Z", until: "2026-11-27T12:30:00.000Z" };
  return { sid, sub: sid && "ada", reason: "logged_out", ...times, ...changed };
}

/** A Keyturn on loopback: its keys, its log of ended sessions with long calls that wait, and introspection. */
export async function startKeyturn({ pageSize = 1_000 } = {}) {
  const log: Entry[] = [];
  const calls: {
    path: string;
    query: Record<string, string>;
    authorization: string | undefined;
    body: string;
  }[] = [];
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const keys: JWK[] = [{ ...(await exportJWK(publicKey)), kid: "one", alg: "ES256", use: "sig" }];
  const listening = new Set<() => void>();
  let held: { query: Record<string, string>; response: ServerResponse } | null = null;
  let oldest = 0;
  let instead: ((path: string) => Answer | null) | null = null;
  let isActive = true;

  const page = ({ after }: Record<string, string>): Answer => {
    const from = after === undefined ? 0 : Number(after);
    const results = log.slice(from, from + pageSize);
    const complete = after === undefined || from >= oldest;
    return { status: 200, body: { results, next: String(from + results.length), complete } };
  };

  function give(response: ServerResponse, answer: Answer) {
    if (answer === "none") return;
    const { status, headers, body } = answer;
    response.writeHead(status, headers);
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const { pathname: path, searchParams } = new URL(request.url ?? "", "http://keyturn");
    const query = Object.fromEntries(searchParams);
    calls.push({ path, query, authorization: request.headers.authorization, body: await text(request) });
    const other = instead?.(path);
    if (other) return give(response, other);
    if (path === "/.well-known/jwks.json") return give(response, { status: 200, body: { keys } });
    if (path === "/oauth/introspect") return give(response, { status: 200, body: { active: isActive } });
    if (query.wait === undefined || log.length > Number(query.after)) return give(response, page(query));
    held = { query, response };
    for (const hear of listening) hear();
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answerHeld(answer?: Answer) {
    if (!held) throw new Error("nobody waits for an entry");
    const { query, response } = held;
    held = null;
    give(response, answer ?? page(query));
  }

  return {
    url,
    jwks: `${url}/.well-known/jwks.json`,
    keys,
    log,
    calls,
    callsTo: (path: string) => calls.filter((call) => call.path === path),
    sign: (claims: object = CLAIMS, header: Partial<JWTHeaderParameters> = {}, key = privateKey) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: "one", ...header })
        .sign(key),
    /** Resolves when somebody knows all and waits for more. */
    listened: () =>
      new Promise<void>((resolve) => {
        if (held) return resolve();
        function hear() {
          listening.delete(hear);
          resolve();
        }
        listening.add(hear);
      }),
    /** Ends sessions, and resolves when whoever follows the log has heard of them. */
    async end(...entries: Entry[]) {
      log.push(...entries);
      answerHeld();
      await this.listened();
    },
    /** Lets the held call go without an entry, or with what a proxy would answer. */
    answerHeld,
    /** Breaks the held call off, as a restart does. */
    breakHeld() {
      held?.response.destroy();
      held = null;
    },
    /** From now on answers otherwise where `choose` says so. */
    answerInstead(choose: ((path: string) => Answer | null) | null) {
      instead = choose;
    },
    /** Forgets entries before this one. */
    forgetBefore(index: number) {
      oldest = index;
    },
    logOutAtIntrospection() {
      isActive = false;
    },
  };
}
