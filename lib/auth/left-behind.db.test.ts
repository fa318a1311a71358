import { describe, expect, it } from "vitest";
import { opened as openFrom, sentOn, someApplication } from "@/lib/testing/applications.ts";
import { changeTo, freshAddress, proveChange, startChange } from "@/lib/testing/email-change.ts";
import { lastTokenTo } from "@/lib/testing/mailbox.ts";
import { userRow, writeUser } from "@/lib/testing/records.ts";
import { readThreatModelTable } from "@/lib/testing/threat-model-table.ts";
import { challengesOf, createTwoStepWorld, entered, PHONE } from "@/lib/testing/two-step.ts";
import { type Holder, openSession } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { deleteAccount } from "./account/delete-account.ts";
import { changeUser } from "./admin/change-user.ts";
import { logOutUser } from "./admin/log-out-user.ts";
import { redeemCode } from "./applications/redeem-code.ts";
import { disownLogIn } from "./devices/disown-log-in.ts";
import { recognizeDevice } from "./devices/trust-device.ts";
import { undoEmailChange } from "./email/undo-email-change.ts";
import { setTwoFactorEmail } from "./log-in/set-two-factor.ts";
import { changePassword } from "./password/change-password.ts";
import { forgotPassword } from "./password/forgot-password.ts";
import { resetPassword } from "./password/reset-password.ts";
import { acceptInvitation } from "./registration/accept-invitation.ts";
import { inviteUser } from "./registration/invite-user.ts";
import { authenticate } from "./sessions/authenticate.ts";
import { logOut, logOutEverywhere } from "./sessions/log-out.ts";
import { revokeOtherSessions } from "./sessions/revoke-own-sessions.ts";

const NEXT = "a better pass phrase";

const world = createTwoStepWorld();
const now = () => world.clock.now();

/** Another admin, who has just logged in. */
const boss = async () => openSession(world.app, await world.person({ role: "admin" }));

/** An admin who changed their address a while ago, with one of everything, each held by whoever holds such a thing. */
async function someoneWithEverything() {
  const first = await world.person({ role: "admin" });
  const own = await changeTo(world, await openSession(world.app, first), freshAddress());
  const { user } = own;
  world.clock.advance(60);
  const other = await openSession(world.app, user, PHONE);
  const answered = await world.start(user);
  const trusting = await world.answer(answered.challenge, answered.code, { trustDevice: true });
  const invitee = freshAddress();
  await inviteUser(world.call({ now: now() }), own, { email: invitee, role: "admin" }, LAPTOP);
  const { application } = await someApplication(world);
  return {
    first,
    own,
    other,
    application,
    opened: await openFrom(world, own, application),
    sent: await sentOn(world, own, application),
    deviceSecret: entered(trusting).deviceToken ?? "",
    logIn: await world.start(user),
    newAddress: await startChange(world, own, freshAddress()),
    reset: await newResetLink(user.email),
    notMe: await lastTokenTo(world.app, user.email, "/not-me"),
    undo: await lastTokenTo(world.app, first.email, "/undo-email-change"),
    invitation: await lastTokenTo(world.app, invitee, "/accept-invitation"),
  };
}
type Everything = Awaited<ReturnType<typeof someoneWithEverything>>;

async function newResetLink(email: string): Promise<string> {
  world.clock.advance(1);
  await forgotPassword(world.call({ now: now() }), { email });
  return lastTokenTo(world.app, email, "/reset-password");
}

/** Every change of address, password, factor, role or activity, as its own door makes it. */
const changes: Record<string, (held: Everything) => Promise<{ kind: string }>> = {
  "the address changes once more": async ({ own }) =>
    proveChange(world, own, await startChange(world, own, freshAddress())),
  "the address changes back": async ({ own, first }) =>
    proveChange(world, own, await startChange(world, own, first.email)),
  "the change of address is undone by its link": ({ undo }) =>
    undoEmailChange(world.call({ now: now() }), undo),
  '"This wasn\'t me"': ({ notMe }) => disownLogIn(world.call({ now: now() }), notMe),
  "the password is reset by a link": async ({ own }) =>
    resetPassword(world.call({ now: now() }), { token: await newResetLink(own.user.email), password: NEXT }),
  "the password is changed": ({ own }) =>
    changePassword(world.call({ principal: own, now: now() }), {
      currentPassword: PASSWORD,
      newPassword: NEXT,
    }),
  "two-step log-in is turned off": ({ own }) =>
    setTwoFactorEmail(world.call({ principal: own, now: now() }), false),
  "two-step log-in is turned on": async ({ own }) => {
    await writeUser(world.db, own.user.id, { twoFactorEmail: false });
    return setTwoFactorEmail(world.call({ principal: own, now: now() }), true);
  },
  "this device is logged out": ({ own }) =>
    logOut(world.call({ now: now() }), { access: own.tokens.access, refresh: null }),
  "the other devices are logged out": ({ own }) =>
    revokeOtherSessions(world.call({ principal: own, now: now() })),
  "logged out everywhere": ({ own }) => logOutEverywhere(world.call({ principal: own, now: now() })),
  "logged out by an admin": async ({ own }) =>
    logOutUser(world.call({ principal: await boss(), now: now() }), { userId: own.user.id }),
  "made an admin": async ({ own }) => {
    await writeUser(world.db, own.user.id, { role: "user" });
    return byTheBoss(own, { role: "admin" });
  },
  "no admin any more": ({ own }) => byTheBoss(own, { role: "user" }),
  "deactivated, and active again": async ({ own }) => {
    await byTheBoss(own, { is_active: false });
    return byTheBoss(own, { is_active: true });
  },
  deleted: ({ own }) => deleteAccount(world.call({ principal: own, now: now() }), PASSWORD),
};

async function byTheBoss({ user }: Holder, change: { role?: "user" | "admin"; is_active?: boolean }) {
  return changeUser(world.call({ principal: await boss(), now: now() }), { userId: user.id, change });
}

/** Everything there was before, tried as whoever holds it would: true while it is good for something. */
const things: Record<string, (held: Everything) => Promise<boolean>> = {
  "this session": ({ own }) => opens(own),
  "other sessions": ({ other }) => opens(other),
  "an application's session": async ({ opened }) => opensBy(opened.access_token),
  "an application's code": async ({ application, sent }) =>
    (await redeemCode(world.call({ now: now() }), application, sent)).kind === "issued",
  "code that waits": async ({ logIn }) =>
    (await world.answer(logIn.challenge, logIn.code)).kind === "logged-in",
  "new address that waits": async ({ own, newAddress }) =>
    (await proveChange(world, own, newAddress)).kind === "changed",
  "reset link": async ({ reset }) =>
    (await resetPassword(world.call({ device: PHONE, now: now() }), { token: reset, password: NEXT }))
      .kind === "reset",
  '"not me" link': async ({ notMe }) =>
    (await disownLogIn(world.call({ device: PHONE, now: now() }), notMe)).kind === "disowned",
  "undo link": async ({ undo }) =>
    (await undoEmailChange(world.call({ device: PHONE, now: now() }), undo)).kind === "undone",
  "trusted device": async ({ own, deviceSecret }) =>
    (await recognizeDevice(world.db, own.user.id, deviceSecret, now())) !== null,
  "kind of device": ({ own }) => goesUntold(own.user.id),
  "invitation sent": async ({ invitation }) =>
    (await acceptInvitation(world.call({ device: PHONE, now: now() }), { token: invitation, password: NEXT }))
      .kind === "accepted",
};

async function opens({ tokens }: Holder): Promise<boolean> {
  return opensBy(tokens.access);
}

async function opensBy(access: string): Promise<boolean> {
  return (await authenticate(world.call({ now: now() }), access)).kind === "authenticated";
}

/** Whether a log-in from the phone's kind would be no news to the person. */
async function goesUntold(userId: string): Promise<boolean> {
  const told = async () =>
    (await challengesOf(world.db, userId)).filter(({ purpose }) => purpose === "not-me");
  const before = await told();
  const user = await userRow(world.db, userId).catch(() => null);
  if (!user) return false;
  await openSession(world.app, user, PHONE);
  return (await told()).length === before.length;
}

/** Sessions that ended, whoever's, and stand in the log that other services read less or more than once. */
async function endsUntold() {
  const untold = await world.db.$client`
    select sessions.id, revoked_reason from sessions left join revocations told
      on told.session_id = sessions.id and told.user_id = sessions.user_id and told.reason = revoked_reason
    where revoked_at is not null group by sessions.id having count(told.id) <> 1`;
  return [...untold];
}

const table = readThreatModelTable("What a change leaves");
table.delete("*held by*");

it("the table names every change and every thing, and no other", () => {
  expect([...table.keys()]).toEqual(Object.keys(changes));
  for (const row of table.values()) expect(Object.keys(row)).toEqual(Object.keys(things));
});

it("everything is good before a change", async () => {
  for (const [thing, isGood] of Object.entries(things)) {
    expect([thing, await isGood(await someoneWithEverything())]).toEqual([thing, true]);
  }
});

describe.each(Object.entries(changes))("%s", (change, make) => {
  it("leaves what the table says", async () => {
    const left: Record<string, string> = {};
    for (const [thing, isGood] of Object.entries(things)) {
      const held = await someoneWithEverything();
      world.clock.advance(1);
      expect((await make(held)).kind).not.toMatch(/failure|invalid/);
      left[thing] = (await isGood(held)) ? "stays" : "ends";
    }
    expect(left).toEqual(table.get(change));
    expect(await endsUntold()).toEqual([]);
  });
});
