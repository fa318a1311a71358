import { expect, it } from "vitest";
import { undoEmailChange } from "@/lib/auth/email/undo-email-change.ts";
import { forgotPassword } from "@/lib/auth/password/forgot-password.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { acceptInvitation } from "@/lib/auth/registration/accept-invitation.ts";
import { inviteUser } from "@/lib/auth/registration/invite-user.ts";
import { robbed } from "@/lib/testing/email-change.ts";
import { lastTokenTo } from "@/lib/testing/mailbox.ts";
import { newAddress } from "@/lib/testing/registering.ts";
import { createTwoStepWorld, PHONE } from "@/lib/testing/two-step.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { showMailedLink } from "./show-mailed-link.ts";

const HALF_AN_HOUR = 30 * 60;
const WEEK = 7 * 24 * 60 * 60;
const PASSWORD = "another pass phrase";

const world = createTwoStepWorld();
const now = () => world.clock.now();
const reset = (token: string) => showMailedLink(world.call({ now: now() }), token, "password-reset");
const invitation = (token: string) => showMailedLink(world.call({ now: now() }), token, "invitation");
const undo = (token: string) => showMailedLink(world.call({ now: now() }), token, "undo-email-change");

async function linkTo({ email }: { email: string }) {
  world.clock.advance(1);
  await forgotPassword(world.call({ now: now() }), { email });
  return lastTokenTo(world.app, email, "/reset-password");
}

async function invite(email = newAddress()) {
  await inviteUser(world.call({ now: now() }), null, { email }, LAPTOP);
  return lastTokenTo(world.app, email, "/accept-invitation");
}

it.each(["", "x", "a".repeat(43), "\0"])("1. knows nothing of %j", async (token) => {
  expect(await reset(token)).toEqual({ kind: "unknown" });
  expect(await invitation(token)).toEqual({ kind: "unknown" });
  expect(await undo(token)).toEqual({ kind: "unknown" });
});

it("1. knows a link at no page but its own", async () => {
  expect(await invitation(await linkTo(await world.person()))).toEqual({ kind: "unknown" });
  expect(await reset(await invite())).toEqual({ kind: "unknown" });
  expect(await undo(await linkTo(await world.person()))).toEqual({ kind: "unknown" });
});

it("2. says of a link that it was used, or that a newer one has taken its place", async () => {
  const user = await world.person();
  const [older, newer] = [await linkTo(user), await linkTo(user)];
  expect(await reset(older)).toEqual({ kind: "used" });
  await resetPassword(world.call({ now: now() }), { token: newer, password: PASSWORD });
  expect(await reset(newer)).toEqual({ kind: "used" });
  const invited = await invite();
  await acceptInvitation(world.call({ now: now() }), { token: invited, password: PASSWORD });
  expect(await invitation(invited)).toEqual({ kind: "used" });
});

it("2. says of an undo that it was done", async () => {
  const { secret } = await robbed(world, PHONE);
  expect(await undo(secret)).toMatchObject({ kind: "open" });
  expect(await undoEmailChange(world.call({ now: now() }), secret)).toMatchObject({ kind: "undone" });
  expect(await undo(secret)).toEqual({ kind: "used" });
});

it("3. says that an undo has expired after seven days", async () => {
  const { secret } = await robbed(world, PHONE);
  world.clock.advance(WEEK - 1);
  expect(await undo(secret)).toMatchObject({ kind: "open" });
  world.clock.advance(1);
  expect(await undo(secret)).toEqual({ kind: "expired" });
});

it("3. says that a link has expired when its time is over, and not a second before", async () => {
  const [link, invited] = [await linkTo(await world.person()), await invite()];
  world.clock.advance(HALF_AN_HOUR - 1);
  expect(await reset(link)).toMatchObject({ kind: "open" });
  world.clock.advance(1);
  expect(await reset(link)).toEqual({ kind: "expired" });
  world.clock.advance(WEEK - HALF_AN_HOUR - 1);
  expect(await invitation(invited)).toMatchObject({ kind: "open" });
  world.clock.advance(1);
  expect(await invitation(invited)).toEqual({ kind: "expired" });
});

it("4. says whose account an open link is of, for the form to name it", async () => {
  const user = await world.person();
  expect(await reset(await linkTo(user))).toEqual({
    kind: "open",
    email: user.email,
    destinationId: null,
  });
  const email = newAddress();
  expect(await invitation(await invite(email))).toEqual({ kind: "open", email, destinationId: null });
});

it("4. says that a link is open however often it is looked at, and spends nothing", async () => {
  const [link, invited] = [await linkTo(await world.person()), await invite()];
  for (const _ of Array(5)) {
    expect(await reset(link)).toMatchObject({ kind: "open" });
    expect(await invitation(invited)).toMatchObject({ kind: "open" });
  }
  expect(await resetPassword(world.call({ now: now() }), { token: link, password: PASSWORD })).toEqual({
    kind: "reset",
  });
  expect(await acceptInvitation(world.call({ now: now() }), { token: invited, password: PASSWORD })).toEqual({
    kind: "accepted",
  });
});
