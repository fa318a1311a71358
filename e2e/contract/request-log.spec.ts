import { expect, test } from "../fixtures.ts";
import { UUID } from "../kit/expect-answer.ts";
import { type Answer, send, sendBytes } from "../kit/http.ts";
import { enter } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

type Line = Record<string, unknown> & { requestId: string };

function requestLines(server: Server): Line[] {
  const lines = server.log().split("\n");
  return lines.filter((line) => line.endsWith('"msg":"request"}')).map((line) => JSON.parse(line));
}

/** The line of an answer, once it is written. */
async function lineOf(server: Server, answer: Answer): Promise<Line | undefined> {
  const id = String(answer.headers["x-request-id"]);
  const found = () => requestLines(server).filter(({ requestId }) => requestId === id);
  await expect.poll(() => found().length).toBe(1);
  return found()[0];
}

test("every request leaves one line under the id that its answer carries", async ({ startServer }) => {
  const server = await startServer();
  const { access } = await enter(server);
  const requests: [call: string, lane: string, route: string, status: number][] = [
    ["GET /api/me?a=secret-in-a-query", "api", "/api/me", 200],
    ["DELETE /api/sessions/some-id", "api", "/api/sessions/[id]", 404],
    ["POST /api/nowhere", "api", "/api/[[...path]]", 404],
    ["GET /login?next=secret-in-a-query", "pages", "/login", 200],
    ["GET /nowhere/secret-in-a-path", "pages", "other", 404],
    ["GET /robots.txt", "pages", "other", 200],
  ];
  for (const [call, lane, route, status] of requests) {
    const answer = await send(server, call, { bearer: access });
    expect(answer.status, call).toBe(status);
    expect(await lineOf(server, answer)).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      requestId: expect.stringMatching(UUID),
      lane,
      method: call.split(" ")[0],
      route,
      status,
      ms: expect.any(Number),
      msg: "request",
    });
  }
  expect(server.log()).not.toContain("secret-in-a");
});

test("a caller's own request id is not taken over", async ({ startServer }) => {
  const server = await startServer();
  const headers = { "x-request-id": "forged\\nline" };
  for (const path of ["/api/me", "/login"]) {
    const answer = await send(server, `GET ${path}`, { headers });
    expect(answer.headers["x-request-id"]).toMatch(UUID);
    await lineOf(server, answer);
  }
  expect(server.log()).not.toContain("forged");
});

test("a caller who goes away before the answer leaves a line too", async ({ startServer }) => {
  const server = await startServer();
  const unfinished =
    "POST /api/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{";
  await sendBytes(server, unfinished).catch(() => {});
  await expect
    .poll(() => requestLines(server).map(({ route, status }) => `${route} ${status}`), { timeout: 10_000 })
    .toContain("/api/token 499");
});

test("machines that look in every few seconds fill no log", async ({ startServer }) => {
  const server = await startServer();
  for (const path of ["/api/health", "/api/ready"]) await send(server, `GET ${path}`);
  await lineOf(server, await send(server, "GET /api/me"));
  expect(requestLines(server)).toHaveLength(1);
});
