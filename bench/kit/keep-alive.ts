import { connect, type Socket } from "node:net";

export type Answer = { status: number; body: string; bytes: number };

const READ_BUFFER_BYTES = 64 * 1024;
const HEAD_END = "\r\n\r\n";

/**
 * One HTTP/1.1 connection that stays open, for one request at a time: hand-written requests, and of an answer only
 * status and Content-Length are read. It costs a tenth of `node:http`, so that the load leaves the cores to the loaded.
 */
export class KeepAlive {
  readonly #socket: Socket;
  #received = "";
  #settle: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;

  private constructor(port: number, connected: () => void, failed: (error: Error) => void) {
    this.#socket = connect({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: {
        buffer: Buffer.alloc(READ_BUFFER_BYTES),
        callback: (length, buffer) => this.#receive((buffer as Buffer).toString("latin1", 0, length)),
      },
    });
    this.#socket.once("connect", connected);
    this.#socket.once("error", failed);
    this.#socket.once("close", () => this.#fail(new Error("the server closed the connection")));
  }

  static open(port: number): Promise<KeepAlive> {
    return new Promise((resolve, reject) => {
      const connection = new KeepAlive(port, () => resolve(connection), reject);
    });
  }

  exchange(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request, "latin1");
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): boolean {
    this.#received = this.#received === "" ? text : this.#received + text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return true;
    const bodyAt = headEnd + HEAD_END.length;
    const status = Number(this.#received.slice(9, 12));
    const length = bodyLength(status, this.#received.slice(0, headEnd));
    if (length === null) return this.#fail(new Error(`an answer (${status}) has no Content-Length`));
    if (this.#received.length < bodyAt + length) return true;
    const answer = { status, body: this.#received.slice(bodyAt), bytes: this.#received.length };
    this.#received = "";
    this.#settle?.resolve(answer);
    return true;
  }

  #fail(error: Error): true {
    this.#settle?.reject(error);
    return true;
  }
}

function bodyLength(status: number, head: string): number | null {
  if (status === 204) return 0;
  const found = /\r\ncontent-length: *(\d+)/i.exec(head);
  return found ? Number(found[1]) : null;
}

/** The text of a request; `body` is sent as JSON. */
export function requestText(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = "",
): string {
  const framing = body === "" ? {} : { "content-type": "application/json", "content-length": body.length };
  const lines = Object.entries({ host: "127.0.0.1", "user-agent": USER_AGENT, ...headers, ...framing });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

/** As long as a browser's. */
export const USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
