import { expect, it } from "vitest";
import { removeApplication } from "@/lib/auth/applications/remove-application.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { nameSession } from "@/lib/auth/sessions/name-session.ts";
import { revokeOwnSession } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { makeApplication, openApplication } from "@/lib/testing/opened-applications.ts";
import { openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { listOwnEvents } from "./list-own-events.ts";
import { nameEndedDevices } from "./name-ended-devices.ts";

const world = createWorld();
const PHONE = {
  ip: "203.0.113.8",
  userAgent:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
};

it("names the devices that were logged out by their name, else by what they are, and only the caller's own", async () => {
  const laptop = await someone(world);
  const phone = await openSession(world.app, laptop.user, PHONE);
  const silent = await openSession(world.app, laptop.user, { ip: null, userAgent: "" });
  const other = await someone(world);
  await nameSession(world.call({ principal: laptop }), { id: laptop.session.id, name: "Work" });
  await logOutEverywhere(world.call({ principal: laptop, device: PHONE }));
  await logOutEverywhere(world.call({ principal: other, device: PHONE }));
  const events = await eventsOf(laptop);
  const named = await nameEndedDevices(world.call({ principal: laptop }), [
    ...events,
    ...(await eventsOf(other)),
  ]);
  expect(named).toEqual(
    new Map([
      [laptop.session.id, { kind: "device", name: "Work" }],
      [phone.session.id, { kind: "device", name: "Safari on iOS" }],
      [silent.session.id, { kind: "device", name: null }],
    ]),
  );
});

it("names an application and not the browser it was opened from, and says that it was one once it is gone", async () => {
  const laptop = await someone(world);
  const [shop, desk] = [await makeApplication(world, "My shop"), await makeApplication(world, "Desk")];
  const inShop = await openApplication(world, laptop, shop);
  const atDesk = await openApplication(world, laptop, desk);
  await revokeOwnSession(world.call({ principal: laptop }), inShop.session.id);
  await removeApplication(world.call(), desk.id);
  const named = await nameEndedDevices(world.call({ principal: laptop }), await eventsOf(laptop));
  expect(named).toEqual(
    new Map([
      [inShop.session.id, { kind: "application", name: "My shop" }],
      [atDesk.session.id, { kind: "application", name: null }],
    ]),
  );
});

it("names none that only logged in", async () => {
  const who = await someone(world);
  expect(await nameEndedDevices(world.call({ principal: who }), await eventsOf(who))).toEqual(new Map());
});

async function eventsOf(who: Awaited<ReturnType<typeof someone>>) {
  return (await listOwnEvents(world.call({ principal: who }), { limit: 25 })).page.results;
}
