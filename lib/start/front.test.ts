import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createFront } from "./front.ts";

let reached: string[] = [];
const { server } = createFront(() => false, answer, { thisMachineOnly: true });

function answer(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  reached.push(incoming.url ?? "");
  outgoing.end("served");
  return true;
}

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
beforeEach(() => {
  reached = [];
});
afterAll(() => {
  server.close();
});

function send(target: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write(`POST ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  return text(socket);
}

it.each([
  "/x/../api/token",
  "/x/%2E%2e/api/token",
  "/x/.%2e/api/token",
  "/./api/token",
  "/api/token/..",
  "//api/token",
  "/api//token",
  "/x\\..\\api\\token",
  "/api/token#x",
  "http://x/api/token",
  "*",
])("an attacker who writes %s reaches neither lane", async (target) => {
  const answered = await send(target);
  expect(answered).toMatch(/^HTTP\/1\.1 400 /);
  expect(answered).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/i);
  expect(answered).toContain('"code":"bad_request"');
  expect(reached).toEqual([]);
});

it.each([
  "/",
  "/api/token/",
  "/.well-known/security.txt",
  "/a..b/...",
  "/login?next=//x/../y",
])("a person's %s is served", async (target) => {
  expect(await send(target)).toContain("served");
  expect(reached).toEqual([target]);
});
