import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { createVerifier } from "./create-verifier.js";
import type { Fault, RevocationOptions } from "./index.d.ts";
import { TokenRefused } from "./index.js";
import { CLAIMS, CLIENT, ended, ISSUER, startKeyturn } from "./keyturn.fixture.ts";
import { createRevocations } from "./revocations.js";
import { createTime } from "./time.fixture.ts";

const FEED = "/api/revocations";
const INTROSPECTION = "/oauth/introspect";

async function start({
  pageSize = 1_000,
  ...options
}: Partial<RevocationOptions> & { pageSize?: number } = {}) {
  const keyturn = await startKeyturn({ pageSize });
  return { keyturn, ...follow(keyturn, options) };
}

function follow(keyturn: Awaited<ReturnType<typeof startKeyturn>>, options: Partial<RevocationOptions> = {}) {
  const time = createTime();
  const faults: Fault[] = [];
  const revocations = {
    url: keyturn.url,
    ...CLIENT,
    whenStale: "refuse" as const,
    onFault: (fault: Fault) => faults.push(fault),
    ...options,
  };
  const verifier = createVerifier({ issuer: ISSUER, keys: keyturn.jwks, revocations }, time);
  onTestFinished(verifier.close);
  /** What becomes of somebody's token: "let in", or why not. */
  async function fate(claims: object = {}) {
    const token = await keyturn.sign({ ...CLAIMS, ...claims });
    return verifier.verify(token).then(
      () => "let in",
      (fault) => (fault instanceof TokenRefused ? (fault.reason ?? fault.code) : fault),
    );
  }
  return { time, faults, verifier, fate };
}

describe("a person who logs out", () => {
  it("is refused as soon as the service hears of it, and told how the session ended", async () => {
    const { keyturn, verifier, fate } = await start();
    await keyturn.listened();
    expect(await fate()).toBe("let in");
    await keyturn.end(ended("phone", { reason: "revoked_by_owner" }));
    const refused = await verifier.verify(await keyturn.sign()).catch((fault) => fault);
    expect(refused).toBeInstanceOf(TokenRefused);
    expect(refused).toMatchObject({ name: "TokenRefused", code: "revoked", reason: "revoked_by_owner" });
    expect(await fate({ sid: "tablet" })).toBe("let in");
  });

  it("is refused if it was before the service began", async () => {
    const { keyturn, verifier, fate } = await start();
    keyturn.log.push(ended("phone"));
    await verifier.ready();
    expect(await fate()).toBe("logged_out");
  });

  it("hears of having run out rather than of that, in the end", async () => {
    const { keyturn, time, fate } = await start();
    await keyturn.listened();
    await keyturn.end(ended("phone"), ended("phone"));
    time.move(3_600_000);
    expect(await fate()).toBe("expired");
  });
});

it("where everybody was logged out, who logs in later is let in", async () => {
  const { keyturn, fate } = await start();
  await keyturn.listened();
  await keyturn.end(ended(null, { reason: "revoked_by_admin" }));
  const at = Date.parse("2026-11-27T12:00:00Z") / 1000;
  expect(await fate()).toBe("revoked_by_admin");
  expect(await fate({ sid: "tablet", iat: at })).toBe("revoked_by_admin");
  expect(await fate({ sid: "tablet", iat: undefined })).toBe("revoked_by_admin");
  expect(await fate({ sid: "tablet", iat: at + 1 })).toBe("let in");
  await keyturn.end(ended(null, { reason: "earlier", at: "2026-11-27T11:00:00Z" }));
  expect(await fate()).toBe("revoked_by_admin");
});

describe("a log of many pages", () => {
  it("is read whole before anybody is let in", async () => {
    const { keyturn, verifier, fate } = await start({ pageSize: 2 });
    keyturn.log.push(...["a", "b", "c", "d", "e", "f"].map((sid) => ended(sid)));
    expect(verifier.lag()).toBe(Number.POSITIVE_INFINITY);
    await keyturn.listened();
    expect(verifier.lag()).toBe(0);
    for (const sid of ["a", "b", "c", "d", "e", "f"]) expect(await fate({ sid })).toBe("logged_out");
    expect(keyturn.callsTo(FEED).map(({ query }) => query)).toEqual([
      {},
      { after: "2" },
      { after: "4" },
      { after: "6" },
      { after: "6", wait: "15" },
    ]);
  });

  it("is known whole once a page is shorter than one before", async () => {
    const { keyturn, verifier } = await start({ pageSize: 2 });
    keyturn.log.push(ended("a"), ended("b"), ended("c"));
    await verifier.ready();
    await keyturn.listened();
    expect(keyturn.callsTo(FEED).map(({ query }) => query)).toEqual([
      {},
      { after: "2" },
      { after: "3", wait: "15" },
    ]);
  });
});

it("the application proves itself with its own credentials, spelt as OAuth has them", async () => {
  const { keyturn } = await start();
  await keyturn.listened();
  const [call] = keyturn.callsTo(FEED);
  expect(call?.authorization).toBe(`Basic ${btoa("a+shop%3A+1:s3cret%2F%2B%26")}`);
});

it.each([FEED, "/", `${FEED}/`])("its address may end with %s", async (end) => {
  const keyturn = await startKeyturn();
  follow(keyturn, { url: `${keyturn.url}${end}` });
  await keyturn.listened();
});

describe("while what has ended is not known for certain", () => {
  it("refuse lets nobody in", async () => {
    const keyturn = await startKeyturn();
    keyturn.answerInstead((path) => (path === FEED ? { status: 500 } : null));
    const { time, verifier, fate } = follow(keyturn, { whenStale: "refuse" });
    expect(await fate()).toBe("stale");
    keyturn.answerInstead(null);
    time.move(await time.waiting(50, 100));
    await keyturn.listened();
    time.move(14_000);
    expect([verifier.lag(), await fate()]).toEqual([14_000, "let in"]);
    keyturn.answerInstead(() => ({ status: 500 }));
    keyturn.breakHeld();
    await time.waiting(50, 100);
    time.move(16_001);
    expect([verifier.lag(), await fate()]).toEqual([30_001, "stale"]);
  });

  it("accept lets in whose session isn't known to have ended", async () => {
    const { keyturn, time, fate } = await start({ whenStale: "accept" });
    expect(await fate()).toBe("let in");
    await keyturn.listened();
    await keyturn.end(ended("phone"));
    keyturn.breakHeld();
    time.move(60_000);
    expect(await fate()).toBe("logged_out");
    expect(await fate({ sid: "tablet" })).toBe("let in");
  });

  it("ask lets in whom Keyturn knows to be logged in", async () => {
    const { keyturn, time, fate } = await start({ whenStale: "ask" });
    await keyturn.listened();
    expect(await fate()).toBe("let in");
    expect(keyturn.callsTo(INTROSPECTION)).toEqual([]);
    time.move(30_001);
    expect(await fate()).toBe("let in");
    const [asked] = keyturn.callsTo(INTROSPECTION);
    const token = new URLSearchParams(asked?.body).get("token");
    expect(token?.split(".")).toHaveLength(3);
    expect(asked?.authorization).toMatch(/^Basic /);
    keyturn.logOutAtIntrospection();
    expect(await fate()).toBe("revoked");
  });

  it.each([
    { status: 500 },
    { status: 401 },
    { status: 200, body: "<html>" },
    { status: 200, body: null },
    { status: 200, body: { active: "yes" } },
    { status: 302 },
  ])("ask lets nobody in on the answer %j, and asks again after a second", async (answer) => {
    const { keyturn, time, fate } = await start({ whenStale: "ask" });
    await keyturn.listened();
    time.move(30_001);
    keyturn.answerInstead((path) => (path === INTROSPECTION ? answer : null));
    for (let again = 0; again < 20; again += 1) expect(await fate({ sid: "tablet" })).toBe("stale");
    expect(keyturn.callsTo(INTROSPECTION)).toHaveLength(1);
    keyturn.answerInstead(null);
    time.move(1_000);
    expect(await fate({ sid: "tablet" })).toBe("let in");
  });

  it("ask lets nobody in where no answer comes for two seconds", async () => {
    const { keyturn, time, fate } = await start({ whenStale: "ask" });
    await keyturn.listened();
    time.move(30_001);
    keyturn.answerInstead((path) => (path === INTROSPECTION ? "none" : null));
    const waiting = fate();
    time.move(await time.waiting(2_000, 2_000));
    expect(await waiting).toBe("stale");
  });

  it("staleAfterSeconds says from when on, and how long a call waits", async () => {
    const { keyturn, time, fate } = await start({ staleAfterSeconds: 4 });
    await keyturn.listened();
    expect(keyturn.calls.at(-1)?.query.wait).toBe("2");
    time.move(4_000);
    expect(await fate()).toBe("let in");
    time.move(1);
    expect(await fate()).toBe("stale");
  });

  it("a clock that is set back lets nobody in", async () => {
    const { keyturn, time, fate } = await start();
    await keyturn.listened();
    time.move(-60_000);
    expect(await fate()).toBe("stale");
  });
});

describe("when Keyturn is away", () => {
  it("it is asked after growing pauses of at most a second, and nothing is missed", async () => {
    const { keyturn, time, faults, verifier, fate } = await start();
    await keyturn.listened();
    keyturn.answerInstead(() => ({ status: 502 }));
    keyturn.breakHeld();
    for (const longest of [100, 200, 400, 800, 1_000, 1_000, 1_000]) {
      const pauseMs = await time.waiting(longest / 2, longest);
      time.move(pauseMs);
    }
    await time.waiting(500, 1_000);
    expect(keyturn.callsTo(FEED)).toHaveLength(2 + 7);
    expect(faults).toEqual([{ code: "unreachable", message: expect.stringContaining("Keyturn") }]);
    keyturn.log.push(ended("phone"));
    keyturn.answerInstead(null);
    time.move(1_000);
    await keyturn.listened();
    expect([verifier.lag(), await fate()]).toEqual([0, "logged_out"]);
    keyturn.breakHeld();
    await time.waiting(50, 100);
    expect(faults).toHaveLength(2);
  });

  it("a call that is never answered is given up", async () => {
    const { keyturn, time, faults } = await start();
    await keyturn.listened();
    time.move(await time.waiting(20_000, 20_000));
    await time.waiting(50, 100);
    expect(faults).toMatchObject([{ message: expect.stringContaining("no answer within 20 s") }]);
  });

  it.each([429, 503])("a busy one is left alone as long as it asks for: %i", async (status) => {
    const { keyturn, time } = await start();
    await keyturn.listened();
    keyturn.answerHeld({ status, headers: { "retry-after": "7" } });
    time.move(await time.waiting(7_050, 7_100));
    await keyturn.listened();
    const date = "Fri, 27 Nov 2026 12:00:10 GMT";
    keyturn.answerHeld({ status, headers: { "retry-after": date } });
    await time.waiting(2_500, 3_100);
  });

  it("no answer silences a service for hours", async () => {
    const { keyturn, time } = await start();
    await keyturn.listened();
    keyturn.answerHeld({ status: 503, headers: { "retry-after": "86400" } });
    await time.waiting(300_000, 300_100);
  });
});

it("wrong credentials are told once, and tried again slowly", async () => {
  const { keyturn, time, faults, fate } = await start();
  keyturn.answerInstead((path) => (path === FEED ? { status: 401 } : null));
  for (let again = 0; again < 5; again += 1) time.move(await time.waiting(30_000, 31_000));
  expect(faults).toEqual([{ code: "credentials", message: expect.stringContaining("revocations.secret") }]);
  expect(await fate()).toBe("stale");
});

it("without onFault a fault is a warning of the process", async () => {
  const keyturn = await startKeyturn();
  keyturn.answerInstead(() => ({ status: 401 }));
  const warned = once(process, "warning");
  follow(keyturn, { onFault: undefined });
  expect(await warned).toMatchObject([{ name: "KeyturnVerifyWarning", code: "credentials" }]);
});

describe("an answer that can't be read whole passes no entry over", () => {
  const [good, next] = [ended("phone"), "1"];
  it.each<[string, unknown]>([
    ["no JSON", "<html>Welcome</html>"],
    ["a list", []],
    ["nothing", null],
    ["no results", { next, complete: true }],
    ["no word of completeness", { results: [], next }],
    ["no cursor after entries", { results: [good], complete: true }],
    ["a cursor that is no text", { results: [], next: 7, complete: true }],
    ["an entry that is no object", { results: [null], next, complete: true }],
    ["an entry without a session", { results: [{ ...good, sid: undefined }], next, complete: true }],
    [
      "an entry that names a person and no session",
      { results: [{ ...good, sid: null }], next, complete: true },
    ],
    ["an entry without a time", { results: [{ ...good, at: "yesterday" }], next, complete: true }],
    ["an entry without an end", { results: [{ ...good, until: null }], next, complete: true }],
  ])("%s", async (_, body) => {
    const { keyturn, time, faults, fate } = await start();
    await keyturn.listened();
    keyturn.log.push(ended("phone"));
    keyturn.answerHeld({ status: 200, body });
    time.move(await time.waiting(50, 100));
    await keyturn.listened();
    expect(faults).toMatchObject([{ code: "unreachable" }]);
    expect(await fate()).toBe("logged_out");
  });

  it("and leads the secret nowhere else", async () => {
    const elsewhere = await startKeyturn();
    const { keyturn, time } = await start();
    keyturn.answerInstead(() => ({ status: 307, headers: { location: `${elsewhere.url}${FEED}` } }));
    await time.waiting(50, 100);
    expect(elsewhere.calls).toEqual([]);
  });
});

describe("a service that was away for longer than Keyturn remembers", () => {
  it("begins anew", async () => {
    const { keyturn, time, fate } = await start();
    await keyturn.listened();
    keyturn.log.push(ended("phone"), ended("tablet"));
    keyturn.forgetBefore(1);
    keyturn.answerHeld();
    time.move(await time.waiting(100, 100));
    await keyturn.listened();
    expect(keyturn.callsTo(FEED).map(({ query }) => query)).toMatchObject([
      {},
      { after: "0" },
      {},
      { after: "2" },
      { after: "2", wait: "15" },
    ]);
    expect(await fate()).toBe("logged_out");
  });
});

it("a cursor that Keyturn refuses is given up", async () => {
  const { keyturn, time, faults, fate } = await start();
  await keyturn.listened();
  keyturn.log.push(ended("phone"));
  keyturn.answerHeld({ status: 400, body: { detail: "The cursor is not valid." } });
  time.move(await time.waiting(100, 100));
  await keyturn.listened();
  expect(keyturn.callsTo(FEED)[2]?.query).toEqual({});
  expect([faults, await fate()]).toEqual([[], "logged_out"]);
});

it("a refusal where no cursor was sent is a fault", async () => {
  const keyturn = await startKeyturn();
  keyturn.answerInstead((path) => (path === FEED ? { status: 400 } : null));
  const { time, faults, fate } = follow(keyturn);
  await time.waiting(50, 100);
  expect([faults, await fate()]).toMatchObject([[{ code: "unreachable" }], "stale"]);
});

it("a proxy that answers at once makes no storm", async () => {
  const { keyturn, time } = await start();
  for (let round = 0; round < 3; round += 1) {
    await keyturn.listened();
    keyturn.answerHeld();
    time.move(await time.waiting(500, 500));
  }
});

it("a call that waited in vain is followed by the next one", async () => {
  const { keyturn, time, verifier } = await start();
  await keyturn.listened();
  time.move(15_000);
  expect(verifier.lag()).toBe(15_000);
  keyturn.answerHeld();
  await keyturn.listened();
  expect(verifier.lag()).toBe(0);
});

it("a closed service hears of nothing more", async () => {
  const { keyturn, verifier, faults } = await start();
  await keyturn.listened();
  const before = keyturn.calls.length;
  verifier.close();
  await verifier.ready();
  expect([keyturn.calls.length, faults]).toEqual([before, []]);
});

it("a program that has nothing else to do ends", async () => {
  const keyturn = await startKeyturn();
  const options = {
    issuer: ISSUER,
    keys: keyturn.jwks,
    revocations: { url: keyturn.url, ...CLIENT, whenStale: "refuse" },
  };
  const script = `
    import { createVerifier } from "@keyturn/verify";
    const verifier = createVerifier(${JSON.stringify(options)});
    await verifier.ready();
    console.log("ready");`;
  const program = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
  });
  let printed = "";
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => (printed += text));
  const [code] = await once(program, "close");
  expect([code, printed]).toEqual([0, "ready\n"]);
}, 30_000);

describe("what is remembered", () => {
  const minute = (n: number) => n * 60_000;
  const entry = (sid: string, untilMs: number) => ({ sid, reason: "logged_out", atSeconds: 0, untilMs });

  it("is let go of when the last token of the session has run out, and a minute more", () => {
    const revocations = createRevocations();
    for (const n of [10, 20, 30]) revocations.add(entry(`until ${n}`, minute(n)));
    revocations.sweep(minute(11));
    expect(revocations.size).toBe(3);
    revocations.sweep(minute(12));
    expect([revocations.size, revocations.reasonFor({ sid: "until 10", iat: 1 })]).toEqual([2, null]);
    revocations.sweep(minute(40));
    expect(revocations.size).toBe(0);
  });
});
