import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createVerifier } from "./create-verifier.js";
import type { ExpressRequest, FastifyReply, FastifyRequest, Verifier } from "./index.d.ts";
import { CLAIMS, CLIENT, ended, ISSUER, startKeyturn } from "./keyturn.fixture.ts";
import { createTime } from "./time.fixture.ts";

type Answer = { status: number; headers: Record<string, string>; body: unknown };
/** A service behind the verifier that says who came. */
type Service = (verifier: Verifier, authorization: string | undefined) => Promise<Answer>;

const express: Service = async (verifier, authorization) => {
  const server = createServer((request: ExpressRequest, response) => {
    verifier.express(request, response, (fault) =>
      response.writeHead(fault ? 500 : 200).end(JSON.stringify(request.auth)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const headers = authorization === undefined ? [] : [["authorization", authorization] as [string, string]];
  return read(await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers }));
};

const fastify: Service = async (verifier, authorization) => {
  const sent = { status: 200, headers: {}, body: "" };
  const set = (change: Partial<typeof sent>) => {
    Object.assign(sent, change);
    return reply;
  };
  const reply: FastifyReply = {
    code: (status) => set({ status }),
    headers: (headers) => set({ headers }),
    send: (body) => set({ body }),
  };
  const request: FastifyRequest = { headers: { authorization } };
  await verifier.fastify(request, reply);
  return { ...sent, body: JSON.parse(sent.body || JSON.stringify(request.auth)) };
};

const web: Service = async (verifier, authorization) => {
  const headers = authorization === undefined ? [] : [["authorization", authorization] as [string, string]];
  const caller = await verifier.authenticate(new Request("http://api.example.com", { headers }));
  return caller instanceof Response ? read(caller) : { status: 200, headers: {}, body: caller };
};

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers: Object.fromEntries(headers), body: await response.json() };
}

describe.each(Object.entries({ express, fastify, web }))("a service with the handler for %s", (_, call) => {
  async function start() {
    const keyturn = await startKeyturn();
    const time = createTime();
    const revocations = { url: keyturn.url, ...CLIENT, whenStale: "refuse" as const, onFault() {} };
    const verifier = createVerifier({ issuer: ISSUER, keys: keyturn.jwks, revocations }, time);
    onTestFinished(verifier.close);
    await keyturn.listened();
    return { keyturn, time, call: (authorization?: string) => call(verifier, authorization) };
  }

  it.each(["Bearer ", "bearer ", "BEARER   "])("knows who calls with %j", async (scheme) => {
    const { keyturn, call } = await start();
    expect(await call(scheme + (await keyturn.sign()))).toMatchObject({ status: 200, body: CLAIMS });
  });

  it.each([
    undefined,
    "",
    "Basic YTpi",
    "Bearer",
    "Bearer ",
  ])("asks for a token of who sends %j", async (authorization) => {
    const { call } = await start();
    expect(await call(authorization)).toMatchObject({
      status: 401,
      headers: {
        "www-authenticate": "Bearer",
        "content-type": "application/json",
        "cache-control": "no-store",
      },
      body: { detail: "An access token is required." },
    });
  });

  it.each([
    "Bearer none-of-ours",
    "Bearer a b c",
    'Bearer "><script>',
  ])("refuses %j", async (authorization) => {
    const { call } = await start();
    expect(await call(authorization)).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      body: { code: "invalid" },
    });
  });

  it("tells who was logged out how that was", async () => {
    const { keyturn, call } = await start();
    await keyturn.end(ended("phone", { reason: "password_changed" }));
    const answer = await call(`Bearer ${await keyturn.sign()}`);
    expect(answer).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      body: { code: "revoked", reason: "password_changed" },
    });
  });

  it("doesn't say that a token is bad while it can't know", async () => {
    const { keyturn, time, call } = await start();
    time.move(30_001);
    const answer = await call(`Bearer ${await keyturn.sign()}`);
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1" }, body: { code: "stale" } });
    expect(answer.headers).not.toHaveProperty("www-authenticate");
  });
});
