import { describe, expect, it } from "vitest";
import { createLog, logRequest } from "./log.ts";

function listen() {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLog({ write: (text) => void lines.push(JSON.parse(text)) }) };
}

const answered = {
  requestId: "request-1",
  lane: "api",
  method: "POST",
  route: "/api/token",
  status: 200,
  milliseconds: 12.3456,
} as const;

describe("a request's line", () => {
  it("holds what happened and nothing else", () => {
    const { lines, log } = listen();
    logRequest(answered, log);
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        requestId: "request-1",
        lane: "api",
        method: "POST",
        route: "/api/token",
        status: 200,
        ms: 12.35,
        msg: "request",
      },
    ]);
  });

  it("is an error where we failed, and silent where machines only look in", () => {
    const { lines, log } = listen();
    logRequest({ ...answered, status: 401 }, log);
    logRequest({ ...answered, status: 503 }, log);
    logRequest({ ...answered, route: "/api/health" }, log);
    logRequest({ ...answered, route: "/api/ready", status: 503 }, log);
    expect(lines.map(({ level, route }) => [level, route])).toEqual([
      [30, "/api/token"],
      [50, "/api/token"],
      [50, "/api/ready"],
    ]);
  });
});

describe("the net below the log", () => {
  it.each([
    "password",
    "token",
    "refresh",
    "challenge",
    "cookie",
    "authorization",
    "link",
    "to",
  ])("keeps what is called %s out", (name) => {
    const { lines, log } = listen();
    log.error({ [name]: "hunter2", code: "23505" }, "something failed");
    expect(JSON.stringify(lines)).not.toContain("hunter2");
    expect(lines[0]).toMatchObject({ [name]: "[redacted]", code: "23505" });
  });
});
