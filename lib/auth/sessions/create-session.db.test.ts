import { describe, expect, it } from "vitest";
import { SESSIONS_PER_PERSON } from "@/lib/auth/limits/lifetimes.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { makeApplication, openApplication } from "@/lib/testing/opened-applications.ts";
import {
  endingsOf,
  eventsOf,
  insertSessions,
  sessionRow,
  userRow,
  writeSession,
} from "@/lib/testing/records.ts";
import { createTwoStepWorld, PHONE } from "@/lib/testing/two-step.ts";
import { openSession } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";

const world = createTwoStepWorld();
const IN_BERLIN = { ...LAPTOP, location: "Berlin, Germany" };
/** The server of an application, which is no device of anybody's. */
const SERVER = { ip: "198.51.100.80", userAgent: "My-Shop/1.0" };

/** Somebody whose browser logged in an hour ago, with a code. */
async function someone() {
  const browser = await openSession(world.app, await world.person(), IN_BERLIN);
  await writeSession(world.db, browser.session.id, { amr: ["pwd", "email"] });
  world.clock.advance(60 * 60);
  return { ...browser, session: await sessionRow(world.db, browser.session.id) };
}

describe("a session that an application opens", () => {
  it("stands on its browser's log-in: when, how and where that was, whatever fetched the tokens", async () => {
    const browser = await someone();
    const { session } = await openApplication(world, browser, await makeApplication(world), {
      device: SERVER,
    });
    expect(session).toMatchObject({
      userId: browser.user.id,
      createdAt: world.clock.now(),
      authenticatedAt: browser.session.authenticatedAt,
      amr: ["pwd", "email"],
      ...IN_BERLIN,
      delivery: "json",
      openedBy: browser.session.id,
    });
  });

  it("is no log-in: no mail tells of a new device, the next real one is still told, and the last log-in stays", async () => {
    const browser = await someone();
    const { lastLoginAt } = await userRow(world.db, browser.user.id);
    await openApplication(world, browser, await makeApplication(world), { device: SERVER });
    expect(await mailsTo(world.app, browser.user.email)).toEqual([]);
    expect((await userRow(world.db, browser.user.id)).lastLoginAt).toEqual(lastLoginAt);
    await openSession(world.app, browser.user, SERVER);
    expect((await mailsTo(world.app, browser.user.email)).map(({ subject }) => subject)).toEqual([
      "New log-in to your account",
    ]);
  });

  it("is on record as opened, by name and from the browser", async () => {
    const browser = await someone();
    const shop = await makeApplication(world, "My shop");
    const { session } = await openApplication(world, browser, shop, { device: SERVER });
    const events = await eventsOf(world.db, browser.user.id);
    expect(events.filter(({ type }) => type === "login.succeeded")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "application.opened")).toMatchObject([
      { sessionId: session.id, data: { application: "My shop" }, ip: LAPTOP.ip, userAgent: LAPTOP.userAgent },
    ]);
  });

  it("counts against the cap like any other: the least recently used session ends for it", async () => {
    const browser = await someone();
    const [oldest] = await insertSessions(
      world.db,
      browser.user,
      SESSIONS_PER_PERSON - 1,
      browser.session.createdAt,
    );
    await writeSession(world.db, browser.session.id, { lastSeenAt: world.clock.now() });
    await openApplication(world, browser, await makeApplication(world));
    expect(await endingsOf(world.db, browser.user.id)).toEqual([
      { type: "session.revoked", sessionId: oldest, reason: "replaced" },
    ]);
  });
});

describe("a log-in", () => {
  it("is of no application and was opened by nothing", async () => {
    const { session } = await openSession(world.app, await world.person(), PHONE);
    expect(session).toMatchObject({ applicationId: null, scope: null, openedBy: null });
  });
});
