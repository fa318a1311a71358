import { expect, it } from "vitest";
import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { changeEmail } from "@/lib/auth/email/change-email.ts";
import { stepUpWithPassword } from "@/lib/auth/log-in/step-up.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { eventsOf } from "@/lib/testing/records.ts";
import { createTwoStepWorld, THIEF } from "@/lib/testing/two-step.ts";
import { openSession } from "@/lib/testing/wire.ts";
import { PASSWORD } from "@/lib/testing/world.ts";
import { changePassword } from "./change-password.ts";

const world = createTwoStepWorld({ RATE_LIMITS: "on" });
const now = () => world.clock.now();
const someone = async () => openSession(world.app, await world.person());
const eventsAbout = async ({ user }: Principal) =>
  (await eventsOf(world.db, user.id)).map(({ type, sessionId, ip }) => ({ type, sessionId, ip }));

it.each([
  [
    "a step-up",
    (who: Principal) =>
      stepUpWithPassword(world.call({ principal: who, device: THIEF, now: now() }), "wrong"),
  ],
  [
    "a new password",
    (who: Principal) =>
      changePassword(world.call({ principal: who, device: THIEF, now: now() }), {
        currentPassword: "wrong",
        newPassword: "a new pass phrase",
      }),
  ],
  [
    "a new address",
    (who: Principal) =>
      changeEmail(world.call({ principal: who, device: THIEF, now: now() }), {
        email: "n@example.com",
        password: "wrong",
      }),
  ],
  [
    "the end of the account",
    (who: Principal) => deleteAccount(world.call({ principal: who, device: THIEF, now: now() }), "wrong"),
  ],
])("3. a wrong password at %s is on record, with the session and where it came from", async (_, guess) => {
  const who = await someone();
  const before = await eventsAbout(who);
  world.clock.advance(1);
  expect(await guess(who)).toMatchObject({ kind: "invalid-fields" });
  expect(await eventsAbout(who)).toEqual([
    ...before,
    { type: "password.wrong", sessionId: who.session.id, ip: THIEF.ip },
  ]);
});

it("1. what was not judged is not on record: of fifteen guesses, ten are", async () => {
  const who = await someone();
  for (let turn = 0; turn < 15; turn += 1)
    await stepUpWithPassword(world.call({ principal: who, device: THIEF, now: now() }), "wrong");
  const guesses = (await eventsAbout(who)).filter(({ type }) => type === "password.wrong");
  expect(guesses).toHaveLength(10);
});

it("4. the right password leaves no such record", async () => {
  const who = await someone();
  expect(
    await stepUpWithPassword(world.call({ principal: who, device: THIEF, now: now() }), PASSWORD),
  ).toMatchObject({
    kind: "stepped-up",
  });
  expect((await eventsAbout(who)).map(({ type }) => type)).not.toContain("password.wrong");
});

it("3. a wrong password leaves nothing on record of somebody whose account was deleted meanwhile", async () => {
  const who = await someone();
  const verify = async () => {
    await deleteAccount(world.call({ principal: who, now: now() }), PASSWORD);
    return { kind: "mismatch" as const };
  };
  const meanwhile = { ...world.app, passwords: { ...world.app.passwords, verify } };
  expect(
    await stepUpWithPassword({ app: meanwhile, principal: who, device: THIEF, now: now() }, "wrong"),
  ).toMatchObject({
    kind: "invalid-fields",
  });
  expect(await eventsAbout(who)).toEqual([{ type: "user.deleted", sessionId: null, ip: null }]);
});
