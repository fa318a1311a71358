import { beforeAll, describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { startStepUp, stepUpWithPassword, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { lastCodeTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow } from "@/lib/testing/records.ts";
import { newAddress, registering } from "@/lib/testing/registering.ts";
import {
  asTyped,
  challengeOf,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
  type Started,
  THIEF,
} from "@/lib/testing/two-step.ts";
import { type Holder, openSession, times } from "@/lib/testing/wire.ts";
import { PASSWORD } from "@/lib/testing/world.ts";
import { resendCode } from "./resend-code.ts";

const DAY = 24 * 60 * 60;
const CLOSED = 15 * 60;
const CLOSED_SUBJECT = "Too many wrong codes for your account";
const { throttled } = codeRefused;

const world = createTwoStepWorld();
const apps: App[] = [];
beforeAll(async () => {
  apps.push(world.app, (await world.process()).app);
});

type Outcome = { kind: string; code?: string };
const withCode = (outcomes: Outcome[], code: string) => outcomes.filter((outcome) => outcome.code === code);

/** So many wrong codes at one challenge, one after the other. */
async function guessWrong({ challenge, code }: Started, count: number) {
  const outcomes = [];
  for (let turn = 1; turn <= count; turn += 1) {
    outcomes.push(await world.answer(challenge, notThe(code, turn), { device: THIEF }));
  }
  return outcomes;
}

async function startStepUpOf(holder: Holder): Promise<Started> {
  world.clock.advance(1);
  const sent = await startStepUp(world.call({ principal: holder }));
  if (sent.kind !== "asked") throw new Error(JSON.stringify(sent));
  return { challenge: sent.challenge.challenge, code: await lastCodeTo(world.app, holder.user.email) };
}

function stepUp(holder: Holder, challenge: string, code: string, app = world.app) {
  return stepUpWithProof(world.call({ app, principal: holder }), asTyped({ challenge, code }));
}

async function closeCodesOf(user: User) {
  await guessWrong(await world.start(user), 5);
  await guessWrong(await world.start(user), 5);
}

const judged = async (user: User) =>
  (await eventsOf(world.db, user.id)).filter(({ type }) => type === "code.wrong").length;

describe("1. code entry is closed by ten wrong codes in a row", () => {
  it("over several challenges: then every answer waits 15 minutes, the right one too", async () => {
    const user = await world.person();
    const [first, second, third] = [
      await world.start(user),
      await world.start(user),
      await world.start(user),
    ];
    await guessWrong(first, 4);
    await guessWrong(second, 4);
    expect(await guessWrong(third, 2)).toEqual([codeRefused.wrong(4), codeRefused.wrong(3)]);
    for (const { challenge, code } of [first, second, third]) {
      expect(await world.answer(challenge, code)).toEqual(throttled(CLOSED));
    }
    world.clock.advance(CLOSED / 2);
    expect(await world.answer(third.challenge, third.code)).toEqual(throttled(CLOSED / 2));
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    expect((await challengesOf(world.db, user.id)).map(({ triesLeft }) => triesLeft)).toEqual([1, 1, 3]);
    expect(await judged(user)).toBe(10);
  });

  it("over log-ins and step-ups together: neither channel buys guesses for the other", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const logIn = await world.start(user);
    const confirmation = await startStepUpOf(holder);
    await guessWrong(logIn, 5);
    for (let turn = 1; turn <= 5; turn += 1) {
      await stepUp(holder, confirmation.challenge, notThe(confirmation.code, turn));
    }
    const [fresh, again] = [await world.logIn(user), await startStepUp(world.call({ principal: holder }))];
    expect(fresh).toEqual(throttled(CLOSED));
    expect(again).toEqual(throttled(CLOSED));
    expect(await stepUp(holder, confirmation.challenge, confirmation.code)).toEqual(throttled(CLOSED));
  });

  it("a log-in with the right password, a resend and a step-up get no challenge and no mail", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const pending = await world.start(user);
    await closeCodesOf(user);
    const [mails, rows] = [await subjectsTo(world.app, user.email), await challengesOf(world.db, user.id)];
    world.clock.advance(61);
    const now = world.clock.now();
    expect(await world.logIn(user)).toEqual(throttled(CLOSED - 61));
    expect(await resendCode(world.call({ now }), { secret: pending.challenge, purpose: "log-in" })).toEqual(
      throttled(CLOSED - 61),
    );
    expect(await startStepUp(world.call({ principal: holder, now }))).toEqual(throttled(CLOSED - 61));
    expect(await subjectsTo(world.app, user.email)).toEqual(mails);
    expect(await challengesOf(world.db, user.id)).toEqual(rows);
  });

  it("tells only who knows the password: a wrong one is answered as ever", async () => {
    const user = await world.person();
    await closeCodesOf(user);
    expect(await world.logIn(user, { password: "not the password" })).toEqual({
      kind: "failure",
      code: "no_active_account",
    });
  });

  it("leaves open what needs no code: another account, a trusted device, the password at a step-up", async () => {
    const [user, other] = [await world.person(), await world.person()];
    const holder = await openSession(world.app, user);
    const first = await world.start(user);
    const { deviceToken } = entered(await world.answer(first.challenge, first.code, { trustDevice: true }));
    await closeCodesOf(user);
    const { wrongCodes, codesClosedUntil } = await userRow(world.db, user.id);
    expect(codesClosedUntil).toEqual(secondsAfter(world.clock.now(), CLOSED));
    const elsewhere = await world.start(other);
    entered(await world.answer(elsewhere.challenge, elsewhere.code));
    entered(await world.logIn(user, { deviceToken: deviceToken ?? "" }));
    expect(await stepUpWithPassword(world.call({ principal: holder }), PASSWORD)).toMatchObject({
      kind: "stepped-up",
    });
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes, codesClosedUntil });
  });

  it("leaves password reset open, which does not open code entry", async () => {
    const user = await world.person();
    await closeCodesOf(user);
    const now = world.clock.now();
    const token = await openChallenge(
      world.db,
      { purpose: "password-reset", userId: user.id, lifetimeSeconds: 1800 },
      now,
    );
    const password = "another good pass phrase";
    expect(await resetPassword(world.call({ now }), { token, password })).toEqual({ kind: "reset" });
    expect(await world.logIn(user, { password })).toEqual(throttled(CLOSED));
  });

  it("is open again after 15 minutes, not a second before, and ten count anew", async () => {
    const user = await world.person();
    await closeCodesOf(user);
    world.clock.advance(CLOSED - 1);
    expect(await world.logIn(user)).toEqual(throttled(1));
    world.clock.advance(1);
    const pending = [await world.start(user), await world.start(user)];
    expect(await guessWrong(pending[0] as Started, 5)).toHaveLength(5);
    expect(withCode(await guessWrong(pending[1] as Started, 4), "code_not_valid")).toHaveLength(4);
    const { challenge, code } = pending[1] as Started;
    entered(await world.answer(challenge, code));
    await closeCodesOf(user);
    expect(await world.logIn(user)).toEqual(throttled(CLOSED));
    expect(await judged(user)).toBe(29);
  });

  it("its end comes 15 minutes after the tenth wrong one, however often somebody knocks", async () => {
    const user = await world.person();
    const pending = await world.start(user);
    await closeCodesOf(user);
    for (let minute = 0; minute < 15; minute += 1) {
      expect(await world.answer(pending.challenge, pending.code)).toMatchObject({ code: "throttled" });
      expect(await world.logIn(user)).toMatchObject({ code: "throttled" });
      world.clock.advance(60);
    }
    const { challenge, code } = await world.start(user);
    entered(await world.answer(challenge, code));
  });

  it("nine wrong ones and a right one close nothing, and nine more don't either", async () => {
    const user = await world.person();
    await guessWrong(await world.start(user), 5);
    for (let round = 0; round < 2; round += 1) {
      const next = await world.start(user);
      await guessWrong(next, 4);
      entered(await world.answer(next.challenge, next.code));
      expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 0, codesClosedUntil: null });
      await guessWrong(await world.start(user), 5);
    }
    expect(await subjectsTo(world.app, user.email)).not.toContain(CLOSED_SUBJECT);
  });

  it("a right code at a step-up resets the row too", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    await guessWrong(await world.start(user), 5);
    const { challenge, code } = await startStepUpOf(holder);
    expect(await stepUp(holder, challenge, code)).toMatchObject({ kind: "stepped-up" });
    await guessWrong(await world.start(user), 5);
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 5, codesClosedUntil: null });
  });
});

describe("4. each ten wrong codes in a row close code entry", () => {
  const MINUTES = [15, 30, 60, 120, 240, 480, 960, 1440, 1440];
  const told = async (user: User) =>
    (await subjectsTo(world.app, user.email)).filter((subject) => subject === CLOSED_SUBJECT).length;

  async function guessThrough(user: User, closures: number) {
    for (const minutes of MINUTES.slice(0, closures)) {
      await closeCodesOf(user);
      world.clock.advance(minutes * 60);
    }
  }

  it("for 15 minutes, then for twice as long each time, and never longer than a day", async () => {
    const user = await world.person();
    for (const minutes of MINUTES) {
      await closeCodesOf(user);
      expect(await world.logIn(user)).toEqual(throttled(minutes * 60));
      world.clock.advance(minutes * 60 - 1);
      expect(await world.logIn(user)).toEqual(throttled(1));
      world.clock.advance(1);
    }
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 90 });
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it("the right code between closures ends the row: the next ten close it for 15 minutes again", async () => {
    const user = await world.person();
    await guessThrough(user, 3);
    const { challenge, code } = await world.start(user);
    entered(await world.answer(challenge, code));
    expect(await userRow(world.db, user.id)).toMatchObject({
      wrongCodes: 0,
      codesClosedUntil: null,
      codesClosedToldAt: null,
    });
    await closeCodesOf(user);
    expect(await world.logIn(user)).toEqual(throttled(CLOSED));
  });

  it("a reset of the password neither opens a closure nor shortens the next", async () => {
    const user = await world.person();
    await closeCodesOf(user);
    const password = await reset(user);
    expect(await world.logIn(user, { password })).toEqual(throttled(CLOSED));
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 10 });
  });

  it("a hundred in a row: no code is compared any more, the right one neither, until the password was reset", async () => {
    const user = await world.person();
    await guessThrough(user, 9);
    const pending = await world.start(user);
    await closeCodesOf(user);
    expect(await judged(user)).toBe(100);
    expect(await world.answer(pending.challenge, pending.code)).toEqual(throttled(DAY));
    world.clock.advance(30 * DAY);
    expect(await world.logIn(user)).toEqual(throttled(DAY));
    const texts = (await mailsTo(world.app, user.email)).map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringContaining("until you choose a new password"));
    const password = await reset(user);
    world.clock.advance(1);
    const challenge = challengeOf(await world.logIn(user, { password }));
    entered(await world.answer(challenge, await lastCodeTo(world.app, user.email)));
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 0, codesClosedUntil: null });
  });

  it("of 100 guesses at one moment, at two processes, after four closures, ten are compared", async () => {
    const user = await world.person();
    await guessThrough(user, 4);
    const pending = [await world.start(user), await world.start(user), await world.start(user)];
    const outcomes = await times(100, (index) => {
      const { challenge, code } = pending[index % 3] as Started;
      return world.answer(challenge, notThe(code, index + 1), { app: apps[index % 2] as App });
    });
    expect(withCode(outcomes, "code_not_valid")).toHaveLength(10);
    expect(await userRow(world.db, user.id)).toMatchObject({
      wrongCodes: 50,
      codesClosedUntil: secondsAfter(world.clock.now(), 240 * 60),
    });
  });

  it("tells the person of the first closure, and of later ones at most once a day", async () => {
    const user = await world.person();
    await closeCodesOf(user);
    expect(await told(user)).toBe(1);
    for (const minutes of MINUTES.slice(0, 6)) {
      world.clock.advance(minutes * 60);
      await closeCodesOf(user);
      expect(await told(user)).toBe(1);
    }
    world.clock.advance(960 * 60);
    await closeCodesOf(user);
    expect(await told(user)).toBe(2);
  });

  async function reset(user: User) {
    const link = { purpose: "password-reset", userId: user.id, lifetimeSeconds: 1800 } as const;
    const token = await openChallenge(world.db, link, world.clock.now());
    const password = "another good pass phrase";
    await resetPassword(world.call(), { token, password });
    return password;
  }
});

describe("3. too many codes were guessed at a new address", () => {
  const { start: register, verify } = registering(world);

  it("ten a day are compared over all its registrations; then the right one is not, until its time has come", async () => {
    const email = newAddress();
    const outcomes: Outcome[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { challenge, code } = await register(email);
      for (let turn = 1; turn <= 5; turn += 1) {
        outcomes.push(await verify({ challenge, code: notThe(code, turn) }));
      }
    }
    expect(withCode(outcomes, "code_not_valid")).toHaveLength(10);
    expect(withCode(outcomes, "throttled")).toHaveLength(5);
    const late = await register(email);
    expect(await verify(late)).toMatchObject({ code: "throttled" });
    world.clock.advance(DAY / 10);
    const again = await register(email);
    entered(await verify(again));
  });
});

describe("4. wrong: how many guesses are compared", () => {
  it("of 500 at one moment at one challenge, at two processes, five; then the right code is refused", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user);
    const outcomes = await times(500, (index) =>
      world.answer(challenge, notThe(code, index + 1), { app: apps[index % 2] as App, device: THIEF }),
    );
    expect(withCode(outcomes, "code_not_valid")).toHaveLength(5);
    expect(withCode(outcomes, "challenge_not_valid")).toHaveLength(495);
    expect(await judged(user)).toBe(5);
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it("of 100 at one moment over four challenges of an account, at two processes, ten", async () => {
    const user = await world.person();
    const pending: Started[] = [];
    for (let turn = 0; turn < 4; turn += 1) pending.push(await world.start(user));
    const outcomes = await times(100, (index) => {
      const { challenge, code } = pending[index % 4] as Started;
      return world.answer(challenge, notThe(code, index + 1), { app: apps[index % 2] as App });
    });
    expect(withCode(outcomes, "code_not_valid")).toHaveLength(10);
    expect(await judged(user)).toBe(10);
    for (const { challenge, code } of pending) {
      expect(await world.answer(challenge, code)).toEqual(throttled(CLOSED));
    }
    expect(
      (await subjectsTo(world.app, user.email)).filter((subject) => subject === CLOSED_SUBJECT),
    ).toHaveLength(1);
  });

  it("of 60 at one moment at a log-in and a step-up of one account, at two processes, ten", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const [logIn, confirmation] = [await world.start(user), await startStepUpOf(holder)];
    const outcomes = await times<Outcome>(60, (index) => {
      const app = apps[(index >> 1) % 2] as App;
      const { challenge, code } = index % 2 ? logIn : confirmation;
      const guess = notThe(code, index + 1);
      return index % 2 ? world.answer(challenge, guess, { app }) : stepUp(holder, challenge, guess, app);
    });
    expect(withCode(outcomes, "code_not_valid")).toHaveLength(10);
    expect(await judged(user)).toBe(10);
  });

  it("five of one challenge, although it is mailed again: a resend buys no guess", async () => {
    const user = await world.person();
    const started = await world.start(user);
    await guessWrong(started, 4);
    world.clock.advance(60);
    const again = await resendCode(world.call(), { secret: started.challenge, purpose: "log-in" });
    expect(again).toMatchObject({ kind: "sent" });
    const code = await lastCodeTo(world.app, user.email);
    expect(await world.answer(started.challenge, notThe(code))).toEqual(codeRefused.wrong(0));
    expect(await world.answer(started.challenge, code)).toEqual(codeRefused.challenge);
    world.clock.advance(60);
    expect(await resendCode(world.call(), { secret: started.challenge, purpose: "log-in" })).toEqual(
      codeRefused.challenge,
    );
  });

  it("the tenth is told to the person by one mail, without a code, and no other is", async () => {
    const user = await world.person();
    await guessWrong(await world.start(user), 5);
    const last = await world.start(user);
    await guessWrong(last, 4);
    expect(await subjectsTo(world.app, user.email)).not.toContain(CLOSED_SUBJECT);
    world.clock.advance(1);
    await world.answer(last.challenge, notThe(last.code, 9), { device: PHONE });
    await guessWrong(last, 5);
    const mails = await mailsTo(world.app, user.email);
    expect(mails.filter(({ subject }) => subject === CLOSED_SUBJECT)).toHaveLength(1);
    expect(mails[0]?.subject).toBe(CLOSED_SUBJECT);
    expect(mails[0]?.text).toContain("15 minutes");
    expect(mails[0]?.text).not.toMatch(/^\d{6}$/m);
  });
});
