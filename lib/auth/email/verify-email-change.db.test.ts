import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { disownLogIn } from "@/lib/auth/devices/disown-log-in.ts";
import { startStepUp, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { createUser } from "@/lib/auth/registration/create-user.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { changeTo, freshAddress, proveChange, startChange } from "@/lib/testing/email-change.ts";
import { countWaiting } from "@/lib/testing/lock-order.ts";
import { codesTo, lastTokenTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, insertPerson, sessionRow, sessionsOf, userRow } from "@/lib/testing/records.ts";
import {
  asTyped,
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { type Holder, openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { undoEmailChange } from "./undo-email-change.ts";

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

async function someone(): Promise<Holder> {
  return openSession(world.app, await world.person());
}

async function addressOf({ user }: Holder) {
  return (await userRow(world.db, user.id)).email;
}

function openPurposes(challenges: Awaited<ReturnType<typeof challengesOf>>) {
  return challenges.filter(({ consumedAt }) => consumedAt === null).map(({ purpose }) => purpose);
}

describe("1. not six digits", () => {
  it.each([
    "",
    "12345",
    "1234567",
    "12a456",
    "१२३४५६",
  ])("names the field for %j and spends no try", async (code) => {
    const holder = await someone();
    const started = await startChange(world, holder, freshAddress());
    expect(await proveChange(world, holder, { ...started, code })).toEqual(codeRefused.notSixDigits);
    expect(await challengesOf(world.db, holder.user.id)).toEqual([expect.objectContaining({ triesLeft: 5 })]);
  });
});

describe("3. a challenge that is not this session's, or no good", () => {
  it("is worth nothing in another session, of the same person or of somebody else, and is not spent there", async () => {
    const holder = await someone();
    const other = await openSession(world.app, holder.user, PHONE);
    const started = await startChange(world, holder, freshAddress());
    for (const thief of [other, await someone()]) {
      expect(await proveChange(world, thief, started)).toEqual(codeRefused.challenge);
    }
    expect(await proveChange(world, holder, started)).toMatchObject({ kind: "changed" });
  });

  it("refuses every other secret of the person, and spends none", async () => {
    const holder = await someone();
    const step = await startStepUp(world.call({ principal: holder }));
    if (step.kind !== "asked") throw new Error(JSON.stringify(step));
    const logIn = await world.start(holder.user);
    const { access, refresh } = holder.tokens;
    for (const challenge of [
      step.challenge.challenge,
      logIn.challenge,
      access,
      refresh,
      randomToken(32),
      "",
    ]) {
      expect(await proveChange(world, holder, { challenge, code: logIn.code })).toEqual(
        codeRefused.challenge,
      );
    }
    expect((await challengesOf(world.db, holder.user.id)).map(({ triesLeft }) => triesLeft)).toEqual([5, 5]);
    expect(await addressOf(holder)).toBe(holder.user.email);
  });

  it("confirms no log-in and no step-up with its own secret", async () => {
    const holder = await someone();
    const { challenge, code } = await startChange(world, holder, freshAddress());
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    const stepUp = stepUpWithProof(world.call({ principal: holder }), asTyped({ challenge, code }));
    expect(await stepUp).toEqual(codeRefused.challenge);
  });

  it("works a second before its ten minutes are over, and not when they are", async () => {
    const [early, late] = [await someone(), await someone()];
    const [first, second] = [
      await startChange(world, early, freshAddress()),
      await startChange(world, late, freshAddress()),
    ];
    world.clock.advance(598);
    expect(await proveChange(world, early, first)).toMatchObject({ kind: "changed" });
    world.clock.advance(2);
    expect(await proveChange(world, late, second)).toEqual(codeRefused.challenge);
  });

  it("refuses once the person is inactive", async () => {
    const holder = await someone();
    const started = await startChange(world, holder, freshAddress());
    await deactivateUser(world.call(), { userId: holder.user.id });
    expect(await proveChange(world, holder, started)).toMatchObject({
      code: "token_not_valid",
      extra: { reason: "account_deactivated" },
    });
    expect(await addressOf(holder)).toBe(holder.user.email);
  });
});

describe("4. a wrong code", () => {
  it("counts down, and the fifth uses the challenge up", async () => {
    const holder = await someone();
    const { challenge, code } = await startChange(world, holder, freshAddress());
    for (const [step, left] of [4, 3, 2, 1, 0].entries()) {
      const guess = { challenge, code: notThe(code, step + 1) };
      expect(await proveChange(world, holder, guess)).toEqual(codeRefused.wrong(left));
    }
    expect(await proveChange(world, holder, { challenge, code })).toEqual(codeRefused.challenge);
    expect(await addressOf(holder)).toBe(holder.user.email);
  });
});

describe("5. somebody else proved the address meanwhile", () => {
  it("gives it to the one who was first; the other is refused and keeps their own", async () => {
    const [ada, eve] = [await someone(), await someone()];
    const email = freshAddress();
    const hers = await startChange(world, ada, email);
    const theirs = await startChange(world, eve, email.toUpperCase());
    expect(await proveChange(world, eve, theirs)).toMatchObject({ kind: "changed" });
    expect(await proveChange(world, ada, hers)).toEqual(codeRefused.challenge);
    expect(await addressOf(ada)).toBe(ada.user.email);
    expect((await addressOf(eve)).toLowerCase()).toBe(email);
    expect((await eventsOf(world.db, ada.user.id)).map(({ type }) => type)).not.toContain("email.changed");
    expect(await subjectsTo(world.app, ada.user.email)).toEqual([]);
  });

  it("gives it to one of ten who prove it at one moment, at two processes, and fails for none", async () => {
    const email = freshAddress();
    const holders = await times(10, someone);
    const started: Awaited<ReturnType<typeof startChange>>[] = [];
    for (const holder of holders) started.push(await startChange(world, holder, email));
    const outcomes = await times(10, (index) =>
      proveChange(world, holders[index] as Holder, started[index] ?? { challenge: "", code: "" }, {
        app: index % 2 ? there : world.app,
      }),
    );
    expect(outcomes.filter(({ kind }) => kind === "changed")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "changed")).toEqual(Array(9).fill(codeRefused.challenge));
    const addresses = await Promise.all(holders.map(addressOf));
    expect(addresses.filter((address) => address === email)).toHaveLength(1);
  });

  it("waits for somebody who is just getting it, and then is refused", async () => {
    const holder = await someone();
    const email = freshAddress();
    const started = await startChange(world, holder, email);
    let proving: ReturnType<typeof proveChange> | undefined;
    await world.db.transaction(async (registration) => {
      await insertPerson(registration as unknown as typeof world.db, { email });
      proving = proveChange(world, holder, started, { app: there });
      while ((await countWaiting(world.db)) < 1);
    });
    expect(await proving).toEqual(codeRefused.challenge);
    expect(await addressOf(holder)).toBe(holder.user.email);
    expect((await challengesOf(world.db, holder.user.id))[0]?.consumedAt).toEqual(world.clock.now());
  });

  it("gives it to one of a new account and a change that come at one moment", async () => {
    for (let round = 0; round < 6; round += 1) {
      const [holder, email] = [await someone(), freshAddress()];
      const started = await startChange(world, holder, email);
      const newcomer = { email, password: PASSWORD };
      const [made, proven] = await Promise.all([
        createUser({ app: there, now: world.clock.now() }, newcomer),
        proveChange(world, holder, started),
      ]);
      expect([made.kind, proven.kind]).toEqual(
        made.kind === "created" ? ["created", "failure"] : ["taken", "changed"],
      );
    }
  });

  it("lets nobody wait for ever where two take each other's address", async () => {
    for (let round = 0; round < 6; round += 1) {
      const [ada, eve] = [await someone(), await someone()];
      const hers = await startWhileFree(ada, eve);
      const theirs = await startWhileFree(eve, ada);
      const outcomes = await Promise.all([
        proveChange(world, ada, hers),
        proveChange(world, eve, theirs, { app: there }),
      ]);
      expect(outcomes).toEqual([codeRefused.challenge, codeRefused.challenge]);
    }
  });
});

describe("6. the right code", () => {
  it("gives the person the new address, proven now, and answers with them", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    const started = await startChange(world, holder, email);
    const spaced = `${started.code.slice(0, 3)} ${started.code.slice(3)}`;
    const outcome = await proveChange(world, holder, { ...started, code: spaced });
    const now = world.clock.now();
    expect(outcome).toEqual({
      kind: "changed",
      user: {
        id: holder.user.id,
        email,
        name: "",
        role: "user",
        email_verified_at: now.toISOString(),
        created_at: holder.user.createdAt.toISOString(),
        two_factor: { email: true, totp: false, passkeys: 0, recovery_codes_left: 0 },
      },
    });
    expect(await userRow(world.db, holder.user.id)).toMatchObject({ email, emailVerifiedAt: now });
  });

  it("lets them log in with it, and with the old one no more", async () => {
    const holder = await someone();
    const { user } = await changeTo(world, holder, freshAddress());
    expect(await world.logIn(holder.user)).toMatchObject({ code: "no_active_account" });
    const { challenge, code } = await world.start(user);
    entered(await world.answer(challenge, code));
  });

  it("ends no session", async () => {
    const holder = await someone();
    await openSession(world.app, holder.user, PHONE);
    const before = await sessionsOf(world.db, holder.user.id);
    await changeTo(world, holder, freshAddress());
    expect(await sessionsOf(world.db, holder.user.id)).toEqual(before);
  });

  it("ends trusted devices, and what was mailed to the old address: reset links, codes, other changes", async () => {
    const holder = await someone();
    const { challenge, code } = await world.start(holder.user);
    entered(await world.answer(challenge, code, { trustDevice: true }));
    const pendingLogIn = await world.start(holder.user);
    const reset = { purpose: "password-reset", userId: holder.user.id, lifetimeSeconds: 1800 } as const;
    const token = await openChallenge(world.db, reset, world.clock.now());
    const otherChange = await startChange(world, holder, freshAddress());
    await changeTo(world, holder, freshAddress());
    expect(await trustedDevicesOf(world.db, holder.user.id)).toEqual([]);
    expect(openPurposes(await challengesOf(world.db, holder.user.id))).toEqual(["undo-email-change"]);
    expect(await world.answer(pendingLogIn.challenge, pendingLogIn.code)).toEqual(codeRefused.challenge);
    expect(await proveChange(world, holder, otherChange)).toEqual(codeRefused.challenge);
    const resetting = resetPassword(world.call(), { token, password: "a new pass phrase" });
    expect(await resetting).toMatchObject({ kind: "invalid-fields" });
  });

  it("leaves to the old address the link that undoes it, and no other: it disowns nothing any more", async () => {
    const holder = await someone();
    const thief = await openSession(world.app, holder.user, PHONE);
    const secret = await lastTokenTo(world.app, holder.user.email, "/not-me");
    await changeTo(world, thief, freshAddress());
    expect(await disownLogIn(world.call(), secret)).toMatchObject({
      kind: "invalid-fields",
    });
    expect((await sessionRow(world.db, thief.session.id)).revokedAt).toBeNull();
    const undo = await lastTokenTo(world.app, holder.user.email, "/undo-email-change");
    expect(await undoEmailChange(world.call(), undo)).toMatchObject({
      kind: "undone",
    });
  });

  it("tells the old address with a way back, and the new one without", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    await changeTo(world, holder, email);
    const subject = "The address of your account was changed";
    const told = async (to: string) =>
      (await mailsTo(world.app, to)).filter((mail) => mail.subject === subject);
    const [[toOld, ...more], [toNew, ...others]] = [await told(holder.user.email), await told(email)];
    expect([more, others]).toEqual([[], []]);
    for (const part of [toOld?.text, toOld?.html]) {
      expect(part).toContain(`${world.app.settings.APP_URL}/undo-email-change?token=`);
      expect(part).not.toContain(email);
    }
    for (const part of [toNew?.text, toNew?.html]) {
      expect(part).not.toMatch(/undo|token=/);
      expect(part).not.toContain(holder.user.email);
    }
    expect(await codesTo(world.app, holder.user.email)).toEqual([]);
  });

  it("is recorded with both addresses masked", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    await changeTo(world, holder, email);
    const [event] = (await eventsOf(world.db, holder.user.id)).filter(({ type }) => type === "email.changed");
    expect(event).toMatchObject({
      sessionId: holder.session.id,
      ip: LAPTOP.ip,
      data: { from: `${holder.user.email[0]}•••@example.com`, to: "n•••@example.net" },
    });
    expect(JSON.stringify(event)).not.toContain(email);
  });

  it("is given once to twenty right answers at one moment, at two processes", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    const started = await startChange(world, holder, email);
    const outcomes = await times(20, (index) =>
      proveChange(world, holder, started, { app: index % 2 ? there : world.app }),
    );
    expect(outcomes.filter(({ kind }) => kind === "changed")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "changed")).toEqual(Array(19).fill(codeRefused.challenge));
    const events = (await eventsOf(world.db, holder.user.id)).filter(({ type }) => type === "email.changed");
    expect(events).toHaveLength(1);
    expect(await mailsTo(world.app, holder.user.email)).toHaveLength(1);
  });

  it("leaves an inactive person's address alone, whichever comes first", async () => {
    for (let round = 0; round < 6; round += 1) {
      const [holder, email] = [await someone(), freshAddress()];
      const started = await startChange(world, holder, email);
      const acts: (() => Promise<unknown>)[] = [
        () => deactivateUser(world.call(), { userId: holder.user.id }),
        () => proveChange(world, holder, started, { app: there }),
      ];
      if (round % 2) acts.reverse();
      await Promise.all(acts.map((act) => act()));
      const changed = (await eventsOf(world.db, holder.user.id)).some(({ type }) => type === "email.changed");
      expect(await addressOf(holder)).toBe(changed ? email : holder.user.email);
      expect((await userRow(world.db, holder.user.id)).isActive).toBe(false);
    }
  });

  it("changes nothing where the mail can't be written, and the code stays good", async () => {
    const holder = await someone();
    const started = await startChange(world, holder, freshAddress());
    const mend = await breakInserts(world.db, "outbox");
    await expect(proveChange(world, holder, started)).rejects.toThrow();
    await mend();
    expect(await addressOf(holder)).toBe(holder.user.email);
    expect(await proveChange(world, holder, started)).toMatchObject({ kind: "changed" });
  });
});

/** A change to another's address, begun before they had it. */
async function startWhileFree(holder: Holder, owner: Holder) {
  const email = owner.user.email;
  await world.db.$client`update users set email = ${freshAddress()} where id = ${owner.user.id}`;
  const started = await startChange(world, holder, email);
  await world.db.$client`update users set email = ${email} where id = ${owner.user.id}`;
  return started;
}
