import { describe, expect, it } from "vitest";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { lastTokenTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, insertPerson, userRow } from "@/lib/testing/records.ts";
import { accountsOf, newAddress } from "@/lib/testing/registering.ts";
import { createTwoStepWorld } from "@/lib/testing/two-step.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { inviteUser } from "./invite-user.ts";
import { pruneInvitations } from "./prune-invitations.ts";

const DAY = 24 * 60 * 60;
const world = createTwoStepWorld();
const prune = () => pruneInvitations(world.call());

async function invited(email = newAddress()) {
  const outcome = await inviteUser(world.call(), null, { email, role: "admin" }, LAPTOP);
  if (outcome.kind !== "invited") throw new Error(`not invited: ${JSON.stringify(outcome)}`);
  return outcome.user;
}

const accept = async (email: string) =>
  acceptInvitation(world.call(), {
    token: await lastTokenTo(world.app, email, "/accept-invitation"),
    password: "a first pass phrase",
  });

describe("an account that nobody accepted", () => {
  it("stays for thirty days, and is gone after them, its role too, on record", async () => {
    const { id, email } = await invited();
    world.clock.advance(30 * DAY);
    expect(await prune()).toBe(0);
    world.clock.advance(1);
    expect(await prune()).toBe(1);
    expect(await accountsOf(world.db, email)).toEqual([]);
    expect((await eventsOf(world.db, id)).map(({ type }) => type)).toEqual(["user.invited", "user.deleted"]);
    expect(await prune()).toBe(0);
  });

  it("stays while a newer invitation is open, and can still be accepted", async () => {
    const { id, email } = await invited();
    world.clock.advance(40 * DAY);
    await invited(email);
    world.clock.advance(7 * DAY - 1);
    expect(await prune()).toBe(0);
    expect(await accept(email)).toEqual({ kind: "accepted" });
    expect(await userRow(world.db, id)).toMatchObject({ role: "admin", emailVerifiedAt: world.clock.now() });
  });

  it("is passed over while somebody invites it again", async () => {
    const { id, email } = await invited();
    world.clock.advance(31 * DAY);
    const held = { table: "users", id } as const;
    const [pruned] = await inLockOrder<unknown>(world.db, held, [() => prune(), () => invited(email)]);
    expect(pruned).toBe(0);
    expect(await prune()).toBe(0);
    expect(await accept(email)).toEqual({ kind: "accepted" });
  });
});

describe("anybody else", () => {
  it("stays: who accepted, who has no password but a proven address, and who has a password and no proof", async () => {
    const { id, email } = await invited();
    await accept(email);
    const proven = await insertPerson(world.db);
    const unproven = await world.person({ emailVerifiedAt: null });
    world.clock.advance(400 * DAY);
    expect(await prune()).toBe(0);
    for (const person of [id, proven.id, unproven.id]) expect(await userRow(world.db, person)).toBeDefined();
  });
});
