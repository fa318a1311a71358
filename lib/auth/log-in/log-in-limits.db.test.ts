import { beforeAll, describe, expect, it } from "vitest";
import { rateLimits } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf } from "@/lib/testing/records.ts";
import {
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { type Holder, openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { logIn } from "./log-in.ts";
import { stepUpWithPassword } from "./step-up.ts";

const MINUTE = 60;
const WRONG = "not the password";
const noAccount = { kind: "failure", code: "no_active_account" };
const { throttled } = codeRefused;

const world = createTwoStepWorld({ RATE_LIMITS: "on" });
const apps: App[] = [];
beforeAll(async () => {
  apps.push(world.app, (await world.process()).app);
});

let clients = 0;
/** A client that nobody has been yet, so that only the account's limit is met. */
function stranger(): Device {
  clients += 1;
  return { ...THIEF, ip: `198.18.${clients >> 8}.${clients & 255}` };
}

/** A person who is asked for no code. */
const person = () => world.person({ twoFactorEmail: false });
const nobody = () => ({ email: `${randomToken(6)}@example.com` });

/** So many wrong passwords, one after the other, each from another client. */
async function fail(user: { email: string }, count: number) {
  const outcomes = [];
  for (let turn = 0; turn < count; turn += 1) {
    outcomes.push(await world.logIn(user, { password: WRONG, device: stranger() }));
  }
  return outcomes;
}

describe("1. too many log-ins from one client address", () => {
  it("thirty a minute are judged, whoever they are for, and the next is told when to come back", async () => {
    const device = stranger();
    const user = await person();
    for (let turn = 0; turn < 29; turn += 1) {
      expect(await world.logIn(nobody(), { device })).toEqual(noAccount);
    }
    entered(await world.logIn(user, { device }));
    const refused = await world.logIn(user, { device });
    expect(refused).toEqual(throttled(2));
    expect(await world.logIn(nobody(), { device })).toEqual(refused);
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
    world.clock.advance(2);
    entered(await world.logIn(user, { device }));
    expect(await world.logIn(user, { device })).toEqual(throttled(2));
    world.clock.advance(MINUTE);
    expect(await times(40, () => judgedFrom(device.ip))).toSatisfy((all: boolean[]) => count(all) === 30);
  });

  it("another client is not kept out by them, from the same network or not", async () => {
    const user = await person();
    await times(40, () => judgedFrom("203.0.113.9"));
    expect(await judgedFrom("203.0.113.9")).toBe(false);
    entered(await world.logIn(user, { device: { ...LAPTOP, ip: "203.0.113.10" } }));
  });

  it("a client who changes its address within its /64, and how it is spelled, stays one client", async () => {
    const spellings = [
      "2001:db8:aa:1::1",
      "2001:DB8:AA:1::2",
      "2001:0db8:00aa:0001:ffff:0:0:3",
      "2001:db8:aa:1::192.0.2.1",
    ];
    const judged = await times(60, (index) =>
      judgedFrom(index < 4 ? spellings[index] : `2001:db8:aa:1::${index}`),
    );
    expect(count(judged)).toBe(30);
    for (const ip of spellings) expect(await judgedFrom(ip)).toBe(false);
    expect(await judgedFrom("2001:db8:aa:2::1")).toBe(true);
  });

  it("of a hundred at one moment, at two processes, thirty are judged", async () => {
    const { ip } = stranger();
    const judged = await times(100, (index) => judgedFrom(ip, apps[index % 2]));
    expect(count(judged)).toBe(30);
  });

  async function judgedFrom(ip: string | null | undefined, app = world.app) {
    const outcome = await world.logIn(nobody(), { app, device: { ...THIEF, ip: ip ?? null } });
    return outcome.kind !== "failure" || outcome.code !== "throttled";
  }

  const count = (all: boolean[]) => all.filter(Boolean).length;
});

describe("1. too many wrong passwords for one account", () => {
  it("ten cost nothing; then strangers wait, twice as long each time, and never longer than 15 minutes", async () => {
    const user = await person();
    expect(await fail(user, 10)).toEqual(Array(10).fill(noAccount));
    for (const seconds of [30, 60, 120, 240, 480, 900, 900, 900]) {
      expect(await fail(user, 1)).toEqual([throttled(seconds)]);
      world.clock.advance(seconds - 1);
      expect(await fail(user, 2)).toEqual([throttled(1), throttled(1)]);
      world.clock.advance(1);
      expect(await fail(user, 1)).toEqual([noAccount]);
    }
    const judged = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "login.failed");
    expect(judged).toHaveLength(18);
  });

  it("while they wait, the right password is not even judged, and opens nothing", async () => {
    const user = await person();
    await fail(user, 10);
    expect(await world.logIn(user, { device: stranger() })).toEqual(throttled(30));
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    world.clock.advance(30);
    entered(await world.logIn(user, { device: stranger() }));
  });

  it("an address without an account waits alike: neither answers nor waits tell whether it has one", async () => {
    const [user, ghost] = [await person(), nobody()];
    expect(await fail(ghost, 12)).toEqual(await fail(user, 12));
    for (const seconds of [30, 60, 120]) {
      world.clock.advance(seconds);
      expect(await fail(ghost, 2)).toEqual(await fail(user, 2));
    }
    const malformed = { email: "no address at all" };
    expect(await fail(malformed, 11)).toEqual([...Array(10).fill(noAccount), throttled(30)]);
  });

  it("an address in other letters is no other account", async () => {
    const user = await person();
    await fail(user, 5);
    await fail({ email: user.email.toUpperCase() }, 3);
    await fail({ email: `  ${user.email} ` }, 2);
    expect(await world.logIn(user, { device: stranger() })).toEqual(throttled(30));
  });

  it("another account is none the worse for it", async () => {
    const [user, other] = [await person(), await person()];
    await fail(user, 12);
    entered(await world.logIn(other, { device: stranger() }));
  });

  it("a right password wipes them: nine wrong, in, nine wrong, in", async () => {
    const user = await person();
    for (let round = 0; round < 3; round += 1) {
      expect(await fail(user, 9)).toEqual(Array(9).fill(noAccount));
      entered(await world.logIn(user, { device: stranger() }));
    }
    expect(await sessionsOf(world.db, user.id)).toHaveLength(3);
  });

  it("a right password wipes them too where a code is asked next", async () => {
    const user = await world.person();
    await fail(user, 9);
    expect(await world.logIn(user, { device: stranger() })).toMatchObject({ kind: "two-factor-required" });
    expect(await fail(user, 10)).toEqual(Array(10).fill(noAccount));
  });

  it("five quiet minutes wipe them", async () => {
    const user = await person();
    await fail(user, 9);
    world.clock.advance(5 * MINUTE + 1);
    expect(await fail(user, 10)).toEqual(Array(10).fill(noAccount));
    expect(await fail(user, 1)).toEqual([throttled(30)]);
  });

  it("of a hundred guesses at one moment, at two processes, ten are judged, the right one or not", async () => {
    const user = await person();
    const guesses = await times(100, (index) =>
      world.logIn(user, { app: apps[index % 2], password: `${WRONG} ${index}`, device: stranger() }),
    );
    expect(
      guesses.filter((outcome) => "code" in outcome && outcome.code === "no_active_account"),
    ).toHaveLength(10);
    expect(guesses.filter((outcome) => "code" in outcome && outcome.code === "throttled")).toHaveLength(90);
    expect(await world.logIn(user, { device: stranger() })).toEqual(throttled(30));
  });

  it("two log-ins of one moment are both judged, whichever of two hosts' clocks is ahead", async () => {
    const user = await person();
    const now = world.clock.now();
    for (const at of [secondsAfter(now, 0.005), now, secondsAfter(now, -0.005)]) {
      const input = { email: user.email, password: WRONG };
      expect(await logIn(world.call({ device: stranger(), now: at }), input)).toEqual(noAccount);
    }
  });

  it("while hashing is busy nobody's failures are wiped: a flood buys no guesses", async () => {
    const user = await person();
    const busy: App = {
      ...world.app,
      passwords: { ...world.app.passwords, verify: async () => ({ kind: "busy" }) },
    };
    await fail(user, 9);
    for (let turn = 0; turn < 20; turn += 1) {
      expect(await world.logIn(user, { app: busy, device: stranger() })).toEqual({
        kind: "failure",
        code: "unavailable",
      });
    }
    expect(await fail(user, 1)).toEqual([noAccount]);
    expect(await fail(user, 1)).toEqual([throttled(30)]);
    world.clock.advance(30);
    await world.logIn(user, { app: busy, device: stranger() });
    expect(await fail(user, 1)).toEqual([noAccount]);
    expect(await fail(user, 1)).toEqual([throttled(60)]);
  });

  it("keeps no address and no account in its table", async () => {
    const user = await person();
    await fail(user, 1);
    const text = JSON.stringify(await world.db.select().from(rateLimits));
    for (const trace of [user.email, user.id, "198.18.0.1"]) {
      expect(text).not.toContain(trace);
      expect(text).not.toContain(JSON.stringify([...Buffer.from(trace)]).slice(1, -1));
    }
  });
});

describe("1. a trusted device", () => {
  it("gets its owner in with the right password while strangers hammer at the account", async () => {
    const user = await world.person();
    let deviceToken = await trusted(user);
    await fail(user, 12);
    expect(await world.logIn(user)).toEqual(throttled(30));
    for (let round = 0; round < 3; round += 1) {
      const inside = entered(await world.logIn(user, { deviceToken }));
      deviceToken = inside.deviceToken ?? "";
      expect(inside.session.amr).toEqual(["pwd"]);
    }
  });

  it("doesn't wipe what the strangers have failed, when its owner comes in", async () => {
    const user = await world.person();
    const deviceToken = await trusted(user);
    await fail(user, 10);
    entered(await world.logIn(user, { deviceToken }));
    expect(await fail(user, 1)).toEqual([throttled(30)]);
  });

  it.each([
    ["made up", () => randomToken(32)],
    ["empty", () => ""],
    ["of a person the stranger is", async () => trusted(await world.person())],
    [
      "spent",
      async (user: Person) => {
        const spent = await trusted(user);
        entered(await world.logIn(user, { deviceToken: spent }));
        return spent;
      },
    ],
    [
      "the device's id, not its secret",
      async (user: Person) => {
        await trusted(user);
        return (await trustedDevicesOf(world.db, user.id))[0]?.id ?? "";
      },
    ],
  ])("helps no stranger with a token that is %s", async (_, forge) => {
    const user = await world.person();
    const deviceToken = await forge(user);
    const before = await sessionsOf(world.db, user.id);
    const guess = (password = WRONG) => world.logIn(user, { password, deviceToken, device: stranger() });
    for (let turn = 0; turn < 5; turn += 1) expect(await guess()).toEqual(noAccount);
    await fail(user, 5);
    expect(await guess()).toEqual(throttled(30));
    expect(await guess(PASSWORD)).toEqual(throttled(30));
    expect(await sessionsOf(world.db, user.id)).toEqual(before);
  });

  it("whose secret a thief has guesses no more than ten times before it waits, too", async () => {
    const user = await world.person();
    const deviceToken = await trusted(user);
    const guess = () => world.logIn(user, { password: WRONG, deviceToken, device: stranger() });
    for (let turn = 0; turn < 10; turn += 1) expect(await guess()).toEqual(noAccount);
    expect(await guess()).toEqual(throttled(30));
    expect(await world.logIn(user, { device: stranger() })).toMatchObject({ kind: "two-factor-required" });
  });

  type Person = Awaited<ReturnType<typeof world.person>>;
  async function trusted(user: Person) {
    const { challenge, code } = await world.start(user, { device: stranger() });
    const { deviceToken } = entered(await world.answer(challenge, code, { trustDevice: true }));
    return deviceToken ?? "";
  }
});

describe("passwords at a step-up", () => {
  it("ten wrong ones cost nothing; then even the right one waits, and wipes them when its time has come", async () => {
    const holder = await openSession(world.app, await world.person());
    const guess = (password: string) =>
      stepUpWithPassword(world.call({ principal: holder, device: stranger() }), password);
    for (let turn = 0; turn < 10; turn += 1)
      expect(await guess(WRONG)).toMatchObject({ kind: "invalid-fields" });
    expect(await guess(WRONG)).toEqual(throttled(30));
    expect(await guess(PASSWORD)).toEqual(throttled(30));
    world.clock.advance(30);
    expect(await guess(PASSWORD)).toMatchObject({ kind: "stepped-up" });
    for (let turn = 0; turn < 9; turn += 1) await guess(WRONG);
    expect(await guess(PASSWORD)).toMatchObject({ kind: "stepped-up" });
  });

  it("of a hundred guesses at one moment, at two processes, ten are judged", async () => {
    const holder = await openSession(world.app, await world.person());
    const now = world.clock.now();
    const guesses = await times(100, (index) =>
      stepUpWithPassword(
        { app: apps[index % 2] as App, principal: holder, device: stranger(), now },
        `${WRONG} ${index}`,
      ),
    );
    expect(guesses.filter(({ kind }) => kind === "invalid-fields")).toHaveLength(10);
    expect(guesses.filter((outcome) => "code" in outcome && outcome.code === "throttled")).toHaveLength(90);
  });

  it("keep nobody from logging in, and wrong log-ins keep nobody from a step-up", async () => {
    const user = await person();
    const holder = await openSession(world.app, user);
    for (let turn = 0; turn < 11; turn += 1) {
      await stepUpWithPassword(world.call({ principal: holder, device: stranger() }), WRONG);
    }
    entered(await world.logIn(user, { device: stranger() }));
    const other = await openSession(world.app, await person());
    await fail(other.user, 11);
    expect(
      await stepUpWithPassword(world.call({ principal: other, device: stranger() }), PASSWORD),
    ).toMatchObject({
      kind: "stepped-up",
    });
  });

  it("right ones too are twenty a minute for one person, so that nobody fills the hashing queue alone", async () => {
    const holder = await openSession(world.app, await world.person());
    const confirm = () => stepUpWithPassword(world.call({ principal: holder, device: stranger() }), PASSWORD);
    for (let turn = 0; turn < 20; turn += 1) expect(await confirm()).toMatchObject({ kind: "stepped-up" });
    expect(await confirm()).toEqual(throttled(3));
    entered(await world.logIn(await person(), { device: stranger() }));
    world.clock.advance(3);
    expect(await confirm()).toMatchObject({ kind: "stepped-up" });
  });

  it("right ones too are thirty a minute from one client, over all its accounts, and none is hashed beyond", async () => {
    const device = stranger();
    const holders: Holder[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      holders.push(await openSession(world.app, await world.person(), stranger()));
    }
    let hashed = 0;
    const counting: App = {
      ...world.app,
      passwords: {
        ...world.app.passwords,
        verify: (...given) => {
          hashed += 1;
          return world.app.passwords.verify(...given);
        },
      },
    };
    const outcomes = await times(60, (index) =>
      stepUpWithPassword(
        { app: counting, principal: holders[index % 6] as Holder, device, now: world.clock.now() },
        PASSWORD,
      ),
    );
    expect(hashed).toBe(30);
    expect(outcomes.filter((outcome) => "code" in outcome && outcome.code === "throttled")).toHaveLength(30);
    expect(
      await stepUpWithPassword(world.call({ principal: holders[0] as Holder, device: stranger() }), PASSWORD),
    ).toMatchObject({ kind: "stepped-up" });
  });

  it("while hashing is busy, wipe nothing and count nothing", async () => {
    const holder = await openSession(world.app, await world.person());
    const busy: App = {
      ...world.app,
      passwords: { ...world.app.passwords, verify: async () => ({ kind: "busy" }) },
    };
    const guess = (app: App) =>
      stepUpWithPassword(world.call({ app, principal: holder, device: stranger() }), WRONG);
    for (let turn = 0; turn < 9; turn += 1) await guess(world.app);
    for (let turn = 0; turn < 5; turn += 1) expect(await guess(busy)).toMatchObject({ code: "unavailable" });
    expect(await guess(world.app)).toMatchObject({ kind: "invalid-fields" });
    expect(await guess(world.app)).toEqual(throttled(30));
  });
});

describe("code mails", () => {
  it("ten go to one account, whatever asks for them; the next caller waits and no mail is written", async () => {
    const user = await world.person();
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await world.logIn(user, { device: stranger() })).toMatchObject({ kind: "two-factor-required" });
    }
    const refused = await world.logIn(user, { device: stranger() });
    expect(refused).toMatchObject({ kind: "failure", code: "throttled" });
    expect(await mailsTo(world.app, user.email)).toHaveLength(10);
    expect(await challengesOf(world.db, user.id)).toHaveLength(10);
    const other = await world.person();
    expect(await world.logIn(other, { device: stranger() })).toMatchObject({ kind: "two-factor-required" });
    world.clock.advance(60 * MINUTE);
    expect(await world.logIn(user, { device: stranger() })).toMatchObject({ kind: "two-factor-required" });
  });

  it("of thirty log-ins at one moment, at two processes, as many get a mail as are asked for a code", async () => {
    const user = await world.person();
    const outcomes = await times(30, (index) =>
      world.logIn(user, { app: apps[index % 2], device: stranger() }),
    );
    const asked = outcomes.filter(({ kind }) => kind === "two-factor-required");
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThanOrEqual(10);
    expect(await mailsTo(world.app, user.email)).toHaveLength(asked.length);
  });

  it("a trusted device needs none, and its owner gets in after all were sent", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user, { device: stranger() });
    const { deviceToken } = entered(await world.answer(challenge, code, { trustDevice: true }));
    for (let turn = 0; turn < 9; turn += 1) await world.logIn(user, { device: stranger() });
    expect(await world.logIn(user, { device: stranger() })).toMatchObject({ code: "throttled" });
    entered(await world.logIn(user, { deviceToken: deviceToken ?? "", device: stranger() }));
  });
});

it("RATE_LIMITS=off lets everything through", async () => {
  const off = { ...world.app, settings: { ...world.app.settings, RATE_LIMITS: "off" as const } };
  const user = await person();
  for (let turn = 0; turn < 40; turn += 1) {
    expect(await world.logIn(user, { app: off, password: WRONG })).toEqual(noAccount);
  }
  entered(await world.logIn(user, { app: off }));
});
