import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { changeEmail } from "@/lib/auth/email/change-email.ts";
import { verifyEmailChange } from "@/lib/auth/email/verify-email-change.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { lastCodeTo, lastTokenTo } from "./mailbox.ts";
import type { TwoStepWorld } from "./two-step.ts";
import { type Holder, openSession } from "./wire.ts";
import { LAPTOP, PASSWORD } from "./world.ts";

type Asking = { app?: App; device?: Device; password?: string };

/** An address that nobody has. */
export function freshAddress(): string {
  return `new-${randomUUID().slice(0, 8)}@example.net`;
}

/** Asks for a change of address as the holder of a session, a second after whatever came before. */
export function askChange(
  world: TwoStepWorld,
  holder: Holder,
  email: string,
  { app = world.app, device = LAPTOP, password = PASSWORD }: Asking = {},
) {
  world.clock.advance(1);
  return changeEmail(world.call({ app, principal: holder, device }), { email, password });
}

/** A started change: its challenge and the code from the mail to the new address. */
export async function startChange(world: TwoStepWorld, holder: Holder, email: string, asking: Asking = {}) {
  const sent = await askChange(world, holder, email, asking);
  if (sent.kind !== "sent") throw new Error(`no code was sent: ${JSON.stringify(sent)}`);
  return { challenge: sent.challenge.challenge, code: await lastCodeTo(world.app, email) };
}

/** Answers the challenge of a started change. */
export function proveChange(
  world: TwoStepWorld,
  holder: Holder,
  answer: { challenge: string; code: string },
  { app = world.app, device = LAPTOP }: Asking = {},
) {
  return verifyEmailChange(world.call({ app, principal: holder, device }), answer);
}

/** Changes a person's address from a session of their own. Returns that session, its person as they are now. */
export async function changeTo(world: TwoStepWorld, holder: Holder, email: string, asking: Asking = {}) {
  const outcome = await proveChange(world, holder, await startChange(world, holder, email, asking), asking);
  if (outcome.kind !== "changed") throw new Error(`nothing was changed: ${JSON.stringify(outcome)}`);
  return { ...holder, user: { ...holder.user, email } };
}

/** Somebody whose address a thief with their password has changed, and the link that undoes it. */
export async function robbed(world: TwoStepWorld, thief: Device) {
  const user = await world.person();
  const own = await openSession(world.app, user);
  const stolen = await openSession(world.app, user, thief);
  const thiefs = await changeTo(world, stolen, freshAddress(), { device: thief });
  const secret = await lastTokenTo(world.app, user.email, "/undo-email-change");
  return { user, own, thief: thiefs, secret };
}
