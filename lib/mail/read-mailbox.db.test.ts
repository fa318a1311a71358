import { beforeEach, describe, expect, it } from "vitest";
import { DELETE, GET, OPTIONS, PATCH, POST, PUT } from "@/app/api/dev/mailbox/route.ts";
import type { App } from "@/lib/app/app.ts";
import type { RunningApp } from "@/lib/app/running-app.ts";
import { createWorld, SECRET } from "@/lib/testing/world.ts";
import { CODE, emptyOutbox, queue } from "./mail.fixture.ts";
import { readMailbox } from "./read-mailbox.ts";
import { sendWaiting } from "./worker.ts";

const world = createWorld();
const RESEND = { MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_x", MAIL_FROM: "login@example.com" };
const DEPLOYED = { APP_URL: "https://login.example.com", SECRET_KEY: SECRET, RATE_LIMITS: "on", ...RESEND };

const read = async (app: App, to: string | null = null) => {
  const outcome = await readMailbox(app, to);
  return outcome.kind === "read" ? outcome.results : outcome.code;
};

const handlers = { GET, POST, PUT, PATCH, DELETE, OPTIONS };

/** Asks the very handlers that both lanes call. */
async function request(app: App, method: keyof typeof handlers, query = "", host = "localhost:3000") {
  const running: RunningApp = { ...app, close: async () => {} };
  Object.assign(globalThis, { keyturnApp: Promise.resolve(running) });
  const url = `http://localhost/api/dev/mailbox${query}`;
  const response = await handlers[method](new Request(url, { method, headers: { host } }), {
    params: Promise.resolve({}),
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

beforeEach(() => emptyOutbox(world));

describe("the local mailbox", () => {
  it("shows mail newest first, sent or about to be", async () => {
    await queue(world.app, "ada@example.com");
    await sendWaiting(world.app);
    world.clock.advance(1);
    await queue(world.app, "grace@example.com", { message: { kind: "test" } });
    expect(await read(world.app)).toEqual([
      expect.objectContaining({ to: "grace@example.com", subject: "Test mail from Keyturn" }),
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        to: "ada@example.com",
        subject: "Your code to log in",
        text: expect.stringContaining(`\n${CODE}\n`),
        html: expect.stringContaining(CODE),
        created_at: expect.stringMatching(/^2026-.*Z$/),
      },
    ]);
  });

  it("shows the mail to one address, without regard to case", async () => {
    await queue(world.app, "ada@example.com");
    await queue(world.app, "grace@example.com");
    expect(await read(world.app, "Ada@Example.com")).toEqual([
      expect.objectContaining({ to: "ada@example.com" }),
    ]);
    expect(await read(world.app, "%@example.com")).toEqual([]);
    expect(await read(world.app, "")).toEqual([]);
  });

  it("shows the newest hundred", async () => {
    for (let i = 0; i < 101; i += 1) {
      await queue(world.app, `person-${i}@example.com`, { message: { kind: "test" } });
      world.clock.advance(1);
    }
    const shown = await read(world.app);
    expect(shown).toHaveLength(100);
    expect(shown[0]).toMatchObject({ to: "person-100@example.com" });
  });

  it("is not there with another transport, nor in a deployment", async () => {
    await queue(world.app, "ada@example.com");
    expect(await read(await world.with(RESEND))).toBe("not_found");
    expect(await read(await world.with(DEPLOYED))).toBe("not_found");
  });
});

describe("GET /api/dev/mailbox", () => {
  it("answers the mail to an address", async () => {
    await queue(world.app, "ada@example.com");
    await queue(world.app, "grace@example.com");
    const { status, body, headers } = await request(world.app, "GET", "?to=ada%40example.com");
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    const { results } = JSON.parse(body);
    expect(results).toHaveLength(1);
    expect(Object.keys(results[0]).sort()).toEqual(["created_at", "html", "id", "subject", "text", "to"]);
  });

  it("is not there under another host's name, by which a page of that host would ask", async () => {
    await queue(world.app, "ada@example.com");
    const { status, body } = await request(world.app, "GET", "", "evil.example:3000");
    expect([status, JSON.parse(body).code]).toEqual([404, "not_found"]);
  });

  it.each([
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
  ] as const)("gives a deployment's %s the answer of a path that is not there", async (method) => {
    await queue(world.app, "ada@example.com");
    const { status, body } = await request(await world.with(DEPLOYED), method);
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({ detail: "Not found.", code: "not_found" });
  });
});
