import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { keepCookies, keepSecrets, keepSecretsOf } from "./secrets.ts";

export type Answer = { status: number; headers: IncomingHttpHeaders; text: string; body: unknown };
export type Sending = {
  json?: unknown;
  form?: Record<string, string>;
  /** The body as it is, with whatever content type `headers` name. */
  raw?: string | Uint8Array;
  bearer?: string;
  headers?: Record<string, string>;
  /** How long the whole answer may take. */
  withinMs?: number;
};

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const ANSWER_WITHIN_MS = 5_000;

/**
 * Sends one request with its path exactly as given, which `fetch` would tidy up, and reads the whole answer.
 *
 * @param call method and path, such as `POST /api/token`
 */
export function send({ origin }: { origin: string }, call: string, sending: Sending = {}): Promise<Answer> {
  const [method = "", path = ""] = call.split(/ (.*)/s);
  const { payload, headers } = prepare(sending);
  keepSecrets(sending.bearer);
  keepSecretsOf(sending.json ?? sending.form);
  keepCookies(sending.headers?.cookie?.split(/; */));
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(sending.withinMs ?? ANSWER_WITHIN_MS);
    const outgoing = request(origin, { method, path, headers, agent, signal }, async (incoming) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        const body = parse(text, incoming.headers);
        keepSecretsOf(body);
        keepCookies(incoming.headers["set-cookie"]);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on("error", (error) => reject(new Error(`${call}: ${error.message}`)));
    outgoing.end(payload);
  });
}

/** Writes bytes to the server as they are, for requests no client library would send, and returns what comes back. */
export function sendBytes({ origin }: { origin: string }, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes, "latin1"));
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error("no answer in time")));
    socket.setEncoding("utf8").on("data", (text) => {
      received += text;
    });
    socket.once("close", () => resolve(received));
    socket.once("error", (error) => (received ? resolve(received) : reject(error)));
  });
}

function prepare({ json, form, raw, bearer, headers = {} }: Sending) {
  const payload = form
    ? new URLSearchParams(form).toString()
    : json === undefined
      ? raw
      : JSON.stringify(json);
  const type = form
    ? "application/x-www-form-urlencoded"
    : json === undefined
      ? undefined
      : "application/json";
  return {
    payload,
    headers: {
      ...(type && { "content-type": type }),
      ...(payload !== undefined && { "content-length": String(Buffer.byteLength(payload)) }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
  };
}

function parse(text: string, headers: IncomingHttpHeaders): unknown {
  return headers["content-type"]?.startsWith("application/json") && text !== ""
    ? JSON.parse(text)
    : undefined;
}
