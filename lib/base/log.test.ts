import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
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

describe("lines that gather", () => {
  const program = (does: string) => {
    const source = `import { log, logWritten } from "${import.meta.dirname}/log.ts"; ${does}`;
    return spawn(process.execPath, ["--import", "tsx", "--input-type", "module", "--eval", source], {
      cwd: join(import.meta.dirname, "../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
  };

  it("are all there, in order, when a process ends that has just written them", async () => {
    const child = program(`
      for (let line = 0; line < 250; line += 1) log.info({ line });
      await logWritten();
      process.exit(0);`);
    const [said] = await Promise.all([text(child.stdout), once(child, "close")]);
    const lines = said.trim().split("\n");
    expect(lines.map((each) => JSON.parse(each).line)).toEqual(Array.from({ length: 250 }, (_, i) => i));
  }, 30_000);

  it("don't wait for others: an operator sees the only one while the process runs on", async () => {
    const child = program("log.info({ line: 1 }); setInterval(() => {}, 1000);");
    const [said] = await once(child.stdout, "data");
    child.kill("SIGKILL");
    expect(JSON.parse(String(said))).toMatchObject({ line: 1 });
  }, 30_000);
});

describe("an error", () => {
  it("is written at once, with what gathered before it; nothing else hurries", () => {
    let written = 0;
    const destination = {
      write() {},
      flush() {
        written += 1;
      },
    };
    const log = createLog(destination);
    logRequest(answered, log);
    log.warn("nearly");
    expect(written).toBe(0);
    log.error("request failed");
    expect(written).toBe(1);
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
