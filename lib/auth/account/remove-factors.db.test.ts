import { describe, expect, it } from "vitest";
import { removeFactorsOf } from "@/lib/auth/admin/remove-factors.ts";
import { changePassword } from "@/lib/auth/password/change-password.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { factorSteps } from "@/lib/testing/factors.ts";
import { subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, userRow } from "@/lib/testing/records.ts";
import { challengeOf, createTwoStepWorld } from "@/lib/testing/two-step.ts";
import { openSession } from "@/lib/testing/wire.ts";
import { PASSWORD } from "@/lib/testing/world.ts";
import { removeFactors } from "./remove-factors.ts";

const DAY = 24 * 3600;
const world = createTwoStepWorld();
const { callOf, withTotp, withPasskey, holder } = factorSteps(world);
const held = { kind: "failure", code: "account_held" };

describe("taking away the factors of somebody who lost them all", () => {
  it("leaves the password and the mailbox to log in by, tells them, and says why on record", async () => {
    const { user } = await withTotp();
    expect(await removeFactors(world.call(), { userId: user.id, why: "lost phone" })).toBe(true);
    expect(await userRow(world.db, user.id)).toMatchObject({
      totpSince: null,
      passkeys: 0,
      recoveryCodesLeft: 0,
    });
    expect(await world.logIn(user)).toMatchObject({ challenge: { methods: ["email"] } });
    expect(await subjectsTo(world.app, user.email)).toContain(
      "Your passkeys and authenticator app were removed",
    );
    const removed = { type: "two_factor.removed", data: { why: "lost phone" } };
    expect(await eventsOf(world.db, user.id)).toContainEqual(expect.objectContaining(removed));
  });

  it("holds the account for a day: it can change nothing, but log out", async () => {
    const person = await withPasskey();
    await removeFactors(world.call(), { userId: person.user.id, why: "lost key" });
    const call = await callOf(await openSession(world.app, person.user));
    expect(requireRecentLogIn(call)).toMatchObject(held);
    const change = { currentPassword: PASSWORD, newPassword: "another pass phrase" };
    expect(await changePassword(call, change)).toMatchObject(held);
    expect(await logOutEverywhere(call)).not.toMatchObject(held);
    world.clock.advance(DAY);
    expect(requireRecentLogIn(await callOf(await openSession(world.app, person.user)))).toBeNull();
  });

  it("ends a log-in that waited for them", async () => {
    const { user, code } = await withTotp();
    const challenge = challengeOf(await world.logIn(user));
    await removeFactors(world.call(), { userId: user.id, why: "lost phone" });
    expect(await world.answer(challenge, code())).toMatchObject({ code: "challenge_not_valid" });
  });

  it("changes nothing for who has none", async () => {
    const { user } = await holder();
    expect(await removeFactors(world.call(), { userId: user.id, why: "?" })).toBe(false);
    expect(await userRow(world.db, user.id)).toMatchObject({ heldUntil: null });
  });
});

describe("an admin", () => {
  it("takes another's away, after a recent log-in, and never their own", async () => {
    const admin = await withTotp({ role: "admin" });
    const { user } = await withTotp();
    const taken = { userId: user.id, why: "lost phone" };
    expect(await removeFactorsOf(await callOf(admin), taken)).toEqual({ kind: "settled", removed: true });
    const own = { userId: admin.user.id, why: "lazy" };
    expect(await removeFactorsOf(await callOf(admin), own)).toMatchObject({ code: "permission_denied" });
    expect(await removeFactorsOf(await callOf(await holder()), taken)).toMatchObject({
      code: "permission_denied",
    });
    world.clock.advance(3600);
    expect(await removeFactorsOf(await callOf(admin), taken)).toMatchObject({
      code: "recent_login_required",
    });
  });
});
