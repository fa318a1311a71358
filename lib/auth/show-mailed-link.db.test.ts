import { expect, it } from "vitest";
import { changeTo, robbed } from "@/lib/testing/email-change.ts";
import { lastTokenTo } from "@/lib/testing/mailbox.ts";
import { newAddress } from "@/lib/testing/registering.ts";
import { createTwoStepWorld, PHONE } from "@/lib/testing/two-step.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { forgotPassword } from "./forgot-password.ts";
import { inviteUser } from "./invite-user.ts";
import { resetPassword } from "./reset-password.ts";
import { showMailedLink } from "./show-mailed-link.ts";
import { undoEmailChange } from "./undo-email-change.ts";

const HALF_AN_HOUR = 30 * 60;
const WEEK = 7 * 24 * 60 * 60;
const PASSWORD = "another pass phrase";

const world = createTwoStepWorld();
const now = () => world.clock.now();
const reset = (token: string) => showMailedLink(world.app, token, "password-reset", now());
const invitation = (token: string) => showMailedLink(world.app, token, "invitation", now());
const undo = (token: string) => showMailedLink(world.app, token, "undo-email-change", now());

async function linkTo({ email }: { email: string }) {
  world.clock.advance(1);
  await forgotPassword(world.app, { email }, LAPTOP, now());
  return lastTokenTo(world.app, email, "/reset-password");
}

async function invite(email = newAddress()) {
  await inviteUser(world.app, null, { email }, LAPTOP, now());
  return lastTokenTo(world.app, email, "/accept-invitation");
}

it.each(["", "x", "a".repeat(43), "\0"])("1. knows nothing of %j", async (token) => {
  expect(await reset(token)).toBe("unknown");
  expect(await invitation(token)).toBe("unknown");
  expect(await undo(token)).toBe("unknown");
});

it("1. knows a link at no page but its own", async () => {
  expect(await invitation(await linkTo(await world.person()))).toBe("unknown");
  expect(await reset(await invite())).toBe("unknown");
  expect(await undo(await linkTo(await world.person()))).toBe("unknown");
});

it("2. says of a link that it was used, or that a newer one has taken its place", async () => {
  const user = await world.person();
  const [older, newer] = [await linkTo(user), await linkTo(user)];
  expect(await reset(older)).toBe("used");
  await resetPassword(world.app, { token: newer, password: PASSWORD }, LAPTOP, now());
  expect(await reset(newer)).toBe("used");
  const invited = await invite();
  await acceptInvitation(world.app, { token: invited, password: PASSWORD }, LAPTOP, now());
  expect(await invitation(invited)).toBe("used");
});

it("2. says of an undo that it was done, or settled by that of an earlier change", async () => {
  const { secret, thief } = await robbed(world, PHONE);
  world.clock.advance(1);
  await changeTo(world, thief, newAddress());
  const later = await lastTokenTo(world.app, thief.user.email, "/undo-email-change");
  expect(await Promise.all([secret, later].map(undo))).toEqual(["open", "open"]);
  expect(await undoEmailChange(world.app, secret, LAPTOP, now())).toMatchObject({ kind: "undone" });
  expect(await Promise.all([secret, later].map(undo))).toEqual(["used", "used"]);
});

it("3. says that an undo has expired after seven days", async () => {
  const { secret } = await robbed(world, PHONE);
  world.clock.advance(WEEK - 1);
  expect(await undo(secret)).toBe("open");
  world.clock.advance(1);
  expect(await undo(secret)).toBe("expired");
});

it("3. says that a link has expired when its time is over, and not a second before", async () => {
  const [link, invited] = [await linkTo(await world.person()), await invite()];
  world.clock.advance(HALF_AN_HOUR - 1);
  expect(await reset(link)).toBe("open");
  world.clock.advance(1);
  expect(await reset(link)).toBe("expired");
  world.clock.advance(WEEK - HALF_AN_HOUR - 1);
  expect(await invitation(invited)).toBe("open");
  world.clock.advance(1);
  expect(await invitation(invited)).toBe("expired");
});

it("4. says that a link is open however often it is looked at, and spends nothing", async () => {
  const [link, invited] = [await linkTo(await world.person()), await invite()];
  for (const _ of Array(5)) {
    expect(await reset(link)).toBe("open");
    expect(await invitation(invited)).toBe("open");
  }
  expect(await resetPassword(world.app, { token: link, password: PASSWORD }, LAPTOP, now())).toEqual({
    kind: "reset",
  });
  expect(await acceptInvitation(world.app, { token: invited, password: PASSWORD }, LAPTOP, now())).toEqual({
    kind: "accepted",
  });
});
