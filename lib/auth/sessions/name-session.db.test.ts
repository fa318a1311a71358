import { describe, expect, it } from "vitest";
import { randomUUID } from "@/lib/base/crypto.ts";
import { makeApplication, openApplication } from "@/lib/testing/opened-applications.ts";
import { endSession, eventsOf, sessionRow, writeSession } from "@/lib/testing/records.ts";
import { openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { nameSession } from "./name-session.ts";
import type { LoggedInCall } from "./principal.ts";

const NOT_FOUND = { kind: "failure", code: "not_found" };
const world = createWorld();
type Who = LoggedInCall["principal"];
const call = (who: Who, id: string, name: string | null) =>
  nameSession(world.call({ principal: who }), { id, name });

describe("one of the caller's own devices", () => {
  it("gets a name, this one or another, and nothing else of it moves", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user);
    for (const { session } of [here, elsewhere]) {
      const named = await call(here, session.id, "Küche 🍳");
      const current = session.id === here.session.id;
      expect(named).toMatchObject({ kind: "named", session: { id: session.id, name: "Küche 🍳", current } });
      expect(await sessionRow(world.db, session.id)).toEqual({ ...session, name: "Küche 🍳" });
    }
  });

  it("has it on record, from where it was named", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user);
    await call(here, elsewhere.session.id, "Kitchen");
    await call(here, randomUUID(), "nobody's");
    const events = (await eventsOf(world.db, here.user.id)).filter(({ type }) => type === "session.named");
    expect(events).toMatchObject([{ sessionId: elsewhere.session.id, data: {}, ...LAPTOP }]);
    expect(events).toHaveLength(1);
  });

  it("says whose it is where it is an application's", async () => {
    const here = await someone(world);
    const shop = await makeApplication(world);
    const { session } = await openApplication(world, here, shop);
    expect(await call(here, session.id, "Till")).toMatchObject({
      kind: "named",
      session: { id: session.id, name: "Till", application: shop, opened_by: here.session.id },
    });
  });

  it("loses its name again", async () => {
    const here = await someone(world);
    await call(here, here.session.id, "Kitchen");
    expect(await call(here, here.session.id, null)).toMatchObject({ kind: "named", session: { name: null } });
    expect(await sessionRow(world.db, here.session.id)).toEqual(here.session);
  });
});

describe("any other is not found", () => {
  it("another person's, and it keeps the name it had", async () => {
    const eve = await someone(world);
    const ada = await someone(world);
    expect(await call(eve, ada.session.id, "mine")).toEqual(NOT_FOUND);
    expect(await sessionRow(world.db, ada.session.id)).toEqual(ada.session);
  });

  it("one that was ended, one whose time is over, and one that never was", async () => {
    const here = await someone(world);
    const ended = await openSession(world.app, here.user);
    const over = await openSession(world.app, here.user);
    await endSession(world.db, { sessionId: ended.session.id }, "logged_out", world.clock.now());
    await writeSession(world.db, over.session.id, { idleExpiresAt: world.clock.now() });
    for (const id of [ended.session.id, over.session.id, "0199c5a0-0000-7000-8000-000000000000"]) {
      expect(await call(here, id, "x")).toEqual(NOT_FOUND);
    }
    expect((await sessionRow(world.db, ended.session.id)).name).toBeNull();
    expect((await sessionRow(world.db, over.session.id)).name).toBeNull();
  });
});
