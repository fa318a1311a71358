import { beforeAll, describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { lastCodeTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow } from "@/lib/testing/records.ts";
import {
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
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { openChallenge } from "./open-challenge.ts";
import { resendCode } from "./resend-code.ts";
import { resetPassword } from "./reset-password.ts";
import { startStepUp, stepUpWithCode, stepUpWithPassword } from "./step-up.ts";

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
  const sent = await startStepUp(world.app, holder, LAPTOP, world.clock.now());
  if (sent.kind !== "sent") throw new Error(JSON.stringify(sent));
  return { challenge: sent.challenge.challenge, code: await lastCodeTo(world.app, holder.user.email) };
}

function stepUp(holder: Holder, challenge: string, code: string, app = world.app) {
  return stepUpWithCode(app, holder, { challenge, code }, LAPTOP, world.clock.now());
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
    const [fresh, again] = [
      await world.logIn(user),
      await startStepUp(world.app, holder, LAPTOP, world.clock.now()),
    ];
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
    expect(
      await resendCode(world.app, { secret: pending.challenge, purpose: "log-in" }, LAPTOP, now),
    ).toEqual(throttled(CLOSED - 61));
    expect(await startStepUp(world.app, holder, LAPTOP, now)).toEqual(throttled(CLOSED - 61));
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
    expect(await stepUpWithPassword(world.app, holder, PASSWORD, LAPTOP, world.clock.now())).toMatchObject({
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
    expect(await resetPassword(world.app, { token, password }, LAPTOP, now)).toEqual({ kind: "reset" });
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

describe("3. wrong: how many guesses are compared", () => {
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
    const again = await resendCode(
      world.app,
      { secret: started.challenge, purpose: "log-in" },
      LAPTOP,
      world.clock.now(),
    );
    expect(again).toMatchObject({ kind: "sent" });
    const code = await lastCodeTo(world.app, user.email);
    expect(await world.answer(started.challenge, notThe(code))).toEqual(codeRefused.wrong(0));
    expect(await world.answer(started.challenge, code)).toEqual(codeRefused.challenge);
    world.clock.advance(60);
    expect(
      await resendCode(
        world.app,
        { secret: started.challenge, purpose: "log-in" },
        LAPTOP,
        world.clock.now(),
      ),
    ).toEqual(codeRefused.challenge);
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
