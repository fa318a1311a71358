import { describe, expect, it } from "vitest";
import { createAuthenticator } from "@/lib/testing/authenticator.ts";
import { changeTo, freshAddress } from "@/lib/testing/email-change.ts";
import { factorSteps, setUpPasskey, setUpTotp } from "@/lib/testing/factors.ts";
import { lastTokenTo } from "@/lib/testing/mailbox.ts";
import { userRow } from "@/lib/testing/records.ts";
import { readThreatModelTable } from "@/lib/testing/threat-model-table.ts";
import { createTwoStepWorld, entered, PHONE, THIEF } from "@/lib/testing/two-step.ts";
import { type Holder, openSession } from "@/lib/testing/wire.ts";
import { PASSWORD } from "@/lib/testing/world.ts";
import { changeUser } from "./admin/change-user.ts";
import { removeFactorsOf } from "./admin/remove-factors.ts";
import { disownLogIn } from "./devices/disown-log-in.ts";
import { recognizeDevice } from "./devices/trust-device.ts";
import { undoEmailChange } from "./email/undo-email-change.ts";
import { removePasskey } from "./factors/remove-passkey.ts";
import { removeTotp } from "./factors/remove-totp.ts";
import { replaceRecoveryCodes } from "./factors/replace-recovery-codes.ts";
import { answerChallenge } from "./log-in/answer-challenge.ts";
import { logInWithPasskey } from "./log-in/log-in-with-passkey.ts";
import { startPasskeyLogIn } from "./log-in/start-passkey-log-in.ts";
import { changePassword } from "./password/change-password.ts";
import { forgotPassword } from "./password/forgot-password.ts";
import { resetPassword } from "./password/reset-password.ts";
import { authenticate } from "./sessions/authenticate.ts";
import { logOutEverywhere } from "./sessions/log-out.ts";

const NEXT = "a better pass phrase";
const world = createTwoStepWorld();
const { callOf, withTotp, begin, byMethod } = factorSteps(world);

/** Somebody with one of everything, and the mails about a log-in before they had it and one since. */
async function someoneWithEverything() {
  const first = await world.person();
  const stranger = await changeTo(world, await openSession(world.app, first, PHONE), freshAddress());
  const undo = await lastTokenTo(world.app, first.email, "/undo-email-change");
  await openSession(world.app, stranger.user, THIEF);
  const notMeBefore = await lastTokenTo(world.app, stranger.user.email, "/not-me");
  world.clock.advance(60);
  const own = await openSession(world.app, stranger.user);
  const totp = await setUpTotp(await callOf(own));
  const passkey = await setUpPasskey(await callOf(own));
  world.clock.advance(60);
  const challenge = await begin(own.user);
  const code = totp.codeAt(world.clock.now());
  const trusting = { ...byMethod(challenge, "totp", code), trustDevice: true };
  const other = entered(await answerChallenge(world.call({ device: FOURTH }), trusting));
  const notMeSince = await lastTokenTo(world.app, own.user.email, "/not-me");
  world.clock.advance(60);
  const waiting = await begin(own.user);
  return { own, other, totp, passkey, undo, notMeBefore, notMeSince, waiting };
}
const FOURTH = { ip: "198.51.100.4", userAgent: "curl/8.5.0" };
type Everything = Awaited<ReturnType<typeof someoneWithEverything>>;

async function newResetLink(email: string): Promise<string> {
  await forgotPassword(world.call(), { email });
  return lastTokenTo(world.app, email, "/reset-password");
}
const boss = async () => callOf(await withTotp({ role: "admin" }));

const changes: Record<string, (held: Everything) => Promise<unknown>> = {
  "another app takes its place": async ({ own }) => setUpTotp(await callOf(own)),
  "the app is removed": async ({ own }) => removeTotp(await callOf(own)),
  "a passkey is added": async ({ own }) => setUpPasskey(await callOf(own), createAuthenticator()),
  "the passkey is removed": async ({ own, passkey }) => removePasskey(await callOf(own), passkey.passkeyId),
  "the app and the passkey are removed": async ({ own, passkey }) => {
    await removeTotp(await callOf(own));
    return removePasskey(await callOf(own), passkey.passkeyId);
  },
  "new recovery codes are made": async ({ own }) => replaceRecoveryCodes(await callOf(own)),
  "an admin takes all away": async ({ own }) =>
    removeFactorsOf(await boss(), { userId: own.user.id, why: "lost phone" }),
  '"This wasn\'t me", of a log-in before all of it': ({ notMeBefore }) =>
    disownLogIn(world.call(), notMeBefore),
  "a change of address before all of it is undone": ({ undo }) => undoEmailChange(world.call(), undo),
  '"This wasn\'t me", of a log-in since': ({ notMeSince }) => disownLogIn(world.call(), notMeSince),
  "the password is reset by a link": async ({ own }) =>
    resetPassword(world.call(), { token: await newResetLink(own.user.email), password: NEXT }),
  "the password is changed": async ({ own }) =>
    changePassword(await callOf(own), { currentPassword: PASSWORD, newPassword: NEXT }),
  "logged out everywhere": async ({ own }) => logOutEverywhere(await callOf(own)),
  "deactivated, and active again": async ({ own }) => {
    const { id: userId } = own.user;
    await changeUser(await boss(), { userId, change: { is_active: false } });
    return changeUser(await boss(), { userId, change: { is_active: true } });
  },
};

/** A second step by this proof, with whichever password is theirs by now. */
async function passes({ own }: Everything, method: "totp" | "recovery_code", code: string): Promise<boolean> {
  for (const password of [PASSWORD, NEXT]) {
    const begun = await world.logIn(own.user, { password });
    if (begun.kind !== "two-factor-required") continue;
    const answer = byMethod(begun.challenge.challenge, method, code);
    return (await answerChallenge(world.call(), answer)).kind === "logged-in";
  }
  return false;
}

/** Everything there was before, tried as whoever holds it would: true while it is good for something. */
const things: Record<string, (held: Everything) => Promise<boolean>> = {
  "the app": (held) => passes(held, "totp", held.totp.codeAt(world.clock.now())),
  "the passkey": async ({ passkey }) => {
    const started = await startPasskeyLogIn(world.call());
    if (started.kind !== "started") throw new Error(JSON.stringify(started));
    const credential = passkey.sign(started.options);
    const outcome = await logInWithPasskey(world.call(), { challenge: started.challenge, credential });
    return outcome.kind === "logged-in";
  },
  "recovery codes": (held) => passes(held, "recovery_code", held.totp.recoveryCodes[0] ?? ""),
  "log-in that waits": async ({ waiting, totp }) => {
    const answer = byMethod(waiting, "totp", totp.codeAt(world.clock.now()));
    return (await answerChallenge(world.call(), answer)).kind === "logged-in";
  },
  "trusted device": async ({ own, other }) =>
    (await recognizeDevice(world.db, own.user.id, other.deviceToken ?? "", world.clock.now())) !== null,
  "this session": ({ own }) => opens(own),
  "other sessions": ({ other }) => opens(other),
};

async function opens({ tokens }: Pick<Holder, "tokens">): Promise<boolean> {
  return (await authenticate(world.call(), tokens.access)).kind === "authenticated";
}

const table = readThreatModelTable("What a change of strong factors leaves");

it("the table names every change and every thing, and no other", () => {
  expect([...table.keys()]).toEqual(Object.keys(changes));
  for (const row of table.values()) expect(Object.keys(row)).toEqual(Object.keys(things));
});

it("everything is good before a change, and the person has it", async () => {
  for (const [thing, isGood] of Object.entries(things)) {
    const held = await someoneWithEverything();
    world.clock.advance(60);
    expect([thing, await isGood(held)]).toEqual([thing, true]);
    expect((await userRow(world.db, held.own.user.id)).passkeys).toBe(1);
  }
});

describe.each(Object.entries(changes))("%s", (change, make) => {
  it("leaves what the table says", async () => {
    const left: Record<string, string> = {};
    for (const [thing, isGood] of Object.entries(things)) {
      const held = await someoneWithEverything();
      world.clock.advance(1);
      expect(await make(held)).not.toMatchObject({ kind: expect.stringMatching(/failure|invalid/) });
      world.clock.advance(60);
      left[thing] = (await isGood(held)) ? "stays" : "ends";
    }
    expect(left).toEqual(table.get(change));
  });
});
