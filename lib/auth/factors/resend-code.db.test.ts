import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { startStepUp } from "@/lib/auth/log-in/step-up.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { codesTo, lastCodeTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { sessionsOf } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
} from "@/lib/testing/two-step.ts";
import { openSession, times } from "@/lib/testing/wire.ts";
import { resendCode } from "./resend-code.ts";

const COOL_DOWN = 60;
const LIFETIME = 600;
const sent = { kind: "sent", expires_in: LIFETIME, resend_in: COOL_DOWN };
const { throttled } = codeRefused;

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const resend = (challenge: string, app = world.app) =>
  resendCode(world.call({ app }), { secret: challenge, purpose: "log-in" });

async function halfway() {
  const user = await world.person();
  return { user, ...(await world.start(user)) };
}

describe("1. a challenge for anything else, unknown, expired, used or exhausted", () => {
  it.each(["", "x", randomToken(32)])("refuses the unknown %j", async (challenge) => {
    expect(await resend(challenge)).toEqual(codeRefused.challenge);
  });

  it("refuses one that has expired, however recently it was mailed", async () => {
    const { user, challenge } = await halfway();
    world.clock.advance(LIFETIME);
    expect(await resend(challenge)).toEqual(codeRefused.challenge);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
  });

  it("refuses one that was used, and one whose tries are spent", async () => {
    const [used, spent] = [await halfway(), await halfway()];
    entered(await world.answer(used.challenge, used.code));
    for (let turn = 1; turn <= 5; turn += 1) await world.answer(spent.challenge, notThe(spent.code, turn));
    world.clock.advance(COOL_DOWN);
    for (const { user, challenge } of [used, spent]) {
      expect(await resend(challenge)).toEqual(codeRefused.challenge);
      expect(await mailsTo(world.app, user.email)).toHaveLength(1);
    }
  });

  it("refuses the challenge of a step-up, whose code goes on working", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const started = await startStepUp(world.call({ principal: holder }));
    const challenge = started.kind === "asked" ? started.challenge.challenge : "";
    const [row] = await challengesOf(world.db, user.id);
    world.clock.advance(COOL_DOWN);
    expect(await resend(challenge)).toEqual(codeRefused.challenge);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
    expect(await challengesOf(world.db, user.id)).toEqual([row]);
  });

  it.each([
    "not-me",
    "password-reset",
  ] as const)("makes no code for the secret of a %s link", async (purpose) => {
    const user = await world.person();
    const challenge = { purpose, userId: user.id, lifetimeSeconds: LIFETIME };
    const secret = await openChallenge(world.db, challenge, world.clock.now());
    world.clock.advance(COOL_DOWN);
    expect(await resend(secret)).toEqual(codeRefused.challenge);
    expect(await mailsTo(world.app, user.email)).toEqual([]);
    expect(await challengesOf(world.db, user.id)).toEqual([expect.objectContaining({ codeHash: null })]);
  });

  it("refuses a person who was made inactive meanwhile", async () => {
    const { user, challenge } = await halfway();
    await deactivateUser(world.call(), { userId: user.id });
    world.clock.advance(COOL_DOWN);
    expect(await resend(challenge)).toEqual(codeRefused.challenge);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
  });
});

describe("2. too soon, or too many mails", () => {
  it("waits out the minute after the last mail, to the second, and leaves the code as it is", async () => {
    const { user, challenge, code } = await halfway();
    expect(await resend(challenge)).toEqual(throttled(60));
    world.clock.advance(COOL_DOWN - 1);
    expect(await resend(challenge)).toEqual(throttled(1));
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
    entered(await world.answer(challenge, code));
  });

  it("counts the minute anew from each mail", async () => {
    const { challenge } = await halfway();
    world.clock.advance(COOL_DOWN);
    expect(await resend(challenge)).toEqual(sent);
    world.clock.advance(COOL_DOWN / 2);
    expect(await resend(challenge)).toEqual(throttled(30));
    world.clock.advance(COOL_DOWN / 2);
    expect(await resend(challenge)).toEqual(sent);
  });

  it("mails five times for one challenge, the first included; the last code works until the end", async () => {
    const { user, challenge } = await halfway();
    for (let turn = 2; turn <= 5; turn += 1) {
      world.clock.advance(COOL_DOWN);
      expect(await resend(challenge)).toEqual(sent);
    }
    world.clock.advance(COOL_DOWN);
    expect(await resend(challenge)).toEqual(throttled(LIFETIME - COOL_DOWN));
    world.clock.advance(LIFETIME - COOL_DOWN - 1);
    expect(await resend(challenge)).toEqual(throttled(1));
    const codes = await codesTo(world.app, user.email);
    expect(codes).toHaveLength(5);
    entered(await world.answer(challenge, codes[0] ?? ""));
  });

  it("of twenty at one moment, at two processes, one mails", async () => {
    const { user, challenge } = await halfway();
    world.clock.advance(COOL_DOWN);
    const outcomes = await times(20, (index) => resend(challenge, index % 2 ? there : world.app));
    expect(outcomes.filter(({ kind }) => kind === "sent")).toEqual([sent]);
    expect(outcomes.filter(({ kind }) => kind !== "sent")).toEqual(Array(19).fill(throttled(60)));
    expect(await mailsTo(world.app, user.email)).toHaveLength(2);
    expect(await challengesOf(world.db, user.id)).toEqual([expect.objectContaining({ sendsLeft: 3 })]);
    entered(await world.answer(challenge, await lastCodeTo(world.app, user.email)));
  });

  it("log-ins, resends and step-ups of an account share ten mails an hour", async () => {
    const { app } = await world.process({ RATE_LIMITS: "on" });
    const user = await world.person();
    const holder = await openSession(app, user);
    const started = [];
    for (let turn = 0; turn < 4; turn += 1) started.push(await world.start(user, { app }));
    for (let turn = 0; turn < 4; turn += 1) await startStepUp(world.call({ app, principal: holder }));
    world.clock.advance(COOL_DOWN);
    const [first, second, third] = started.map(({ challenge }) => challenge) as [string, string, string];
    expect(await resend(first, app)).toEqual(sent);
    expect(await resend(second, app)).toEqual(sent);
    const rows = await challengesOf(world.db, user.id);
    expect(await resend(third, app)).toMatchObject({
      code: "throttled",
      retryAfterSeconds: expect.any(Number),
    });
    expect(await startStepUp(world.call({ app, principal: holder }))).toMatchObject({ code: "throttled" });
    expect(await world.logIn(user, { app, device: PHONE })).toMatchObject({ code: "throttled" });
    expect(await mailsTo(world.app, user.email)).toHaveLength(10);
    expect(await challengesOf(world.db, user.id)).toEqual(rows);
    entered(await world.answer(third, started[2]?.code ?? "", { app }));
  });
});

describe("3. a new code", () => {
  it("takes the place of the older one, and spent tries stay spent", async () => {
    const { user, challenge, code } = await halfway();
    await world.answer(challenge, notThe(code));
    await world.answer(challenge, notThe(code, 2));
    world.clock.advance(COOL_DOWN);
    expect(await resend(challenge)).toEqual(sent);
    const next = await lastCodeTo(world.app, user.email);
    const older = next === code ? notThe(next) : code;
    expect(await world.answer(challenge, older)).toEqual(codeRefused.wrong(2));
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    entered(await world.answer(challenge, next));
  });

  it("lives ten minutes from its own mail", async () => {
    const { user, challenge } = await halfway();
    world.clock.advance(LIFETIME - 1);
    expect(await resend(challenge)).toEqual(sent);
    world.clock.advance(LIFETIME - 1);
    entered(await world.answer(challenge, await lastCodeTo(world.app, user.email)));
  });

  it("leaves the code of another log-in as it is", async () => {
    const user = await world.person();
    const [here, there] = [await world.start(user), await world.start(user, { device: PHONE })];
    world.clock.advance(COOL_DOWN);
    await resend(here.challenge);
    entered(await world.answer(there.challenge, there.code));
    entered(await world.answer(here.challenge, await lastCodeTo(world.app, user.email)));
  });

  it("is not set where its mail can't be written: the older one goes on working", async () => {
    const { user, challenge, code } = await halfway();
    world.clock.advance(COOL_DOWN);
    const mend = await breakInserts(world.db, "outbox");
    await expect(resend(challenge)).rejects.toThrow();
    await mend();
    expect(await challengesOf(world.db, user.id)).toEqual([expect.objectContaining({ sendsLeft: 4 })]);
    entered(await world.answer(challenge, code));
  });
});
