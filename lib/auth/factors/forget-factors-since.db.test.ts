import { expect, it } from "vitest";
import { disownLogIn } from "@/lib/auth/devices/disown-log-in.ts";
import { undoEmailChange } from "@/lib/auth/email/undo-email-change.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { changeTo, freshAddress } from "@/lib/testing/email-change.ts";
import { factorSteps, setUpPasskey, setUpTotp } from "@/lib/testing/factors.ts";
import { lastTokenTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, userRow } from "@/lib/testing/records.ts";
import { createTwoStepWorld, THIEF } from "@/lib/testing/two-step.ts";
import { openSession } from "@/lib/testing/wire.ts";

const NEXT = "a better pass phrase";
const world = createTwoStepWorld();
const { callOf, holder, withTotp } = factorSteps(world);

it("“This wasn't me” takes the passkey away that a thief added, and with it their recovery codes", async () => {
  const { user } = await holder();
  const thief = await openSession(world.app, user, THIEF);
  const notMe = await lastTokenTo(world.app, user.email, "/not-me");
  world.clock.advance(60);
  await setUpPasskey(await callOf(thief));
  expect(await disownLogIn(world.call(), notMe)).toMatchObject({ kind: "disowned" });
  const heldUntil = secondsAfter(world.clock.now(), 24 * 3600);
  expect(await userRow(world.db, user.id)).toMatchObject({ passkeys: 0, recoveryCodesLeft: 0, heldUntil });
  expect(await subjectsTo(world.app, user.email)).toContain("What was set up lately was taken away");
  expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).toContain("two_factor.removed");
});

it("what the owner had before a disowned log-in stays, and is asked after the new password", async () => {
  const owner = await withTotp();
  await openSession(world.app, owner.user, THIEF);
  const notMe = await lastTokenTo(world.app, owner.user.email, "/not-me");
  const disowned = await disownLogIn(world.call(), notMe);
  if (disowned.kind !== "disowned") throw new Error(JSON.stringify(disowned));
  await resetPassword(world.call(), { token: disowned.resetToken, password: NEXT });
  expect(await userRow(world.db, owner.user.id)).toMatchObject({ recoveryCodesLeft: 10 });
  expect(await world.logIn(owner.user, { password: NEXT })).toMatchObject({
    challenge: { methods: ["totp", "recovery_code"] },
  });
});

it("an undone change of address takes away what was set up since", async () => {
  const before = await holder();
  const thief = await changeTo(world, before, freshAddress());
  const undo = await lastTokenTo(world.app, before.user.email, "/undo-email-change");
  world.clock.advance(60);
  await setUpTotp(await callOf(thief));
  expect(await undoEmailChange(world.call(), undo)).toMatchObject({ kind: "undone" });
  expect(await userRow(world.db, before.user.id)).toMatchObject({ totpSince: null, recoveryCodesLeft: 0 });
});
