import { isNull } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { auditEvents } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { eventsOf } from "@/lib/testing/records.ts";
import { createTwoStepWorld, THIEF } from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";

const world = createTwoStepWorld();
const apps: App[] = [];
beforeAll(async () => {
  apps.push(world.app, (await world.process()).app);
});

const fail = (email: string, device = THIEF, app = world.app) =>
  world.logIn({ email }, { app, device, password: "not the password" });

describe("log-ins that fail within a minute", () => {
  it("are one row with their number: for one account, from one client, at whichever process", async () => {
    const user = await world.person();
    await times(30, (index) => fail(user.email, THIEF, apps[index % 2]));
    expect(await eventsOf(world.db, user.id)).toMatchObject([
      { type: "login.failed", ip: THIEF.ip, userAgent: THIEF.userAgent, data: { count: 30 } },
    ]);
  });

  it("are a row for each client and each minute, and a single one has no number", async () => {
    const user = await world.person();
    await fail(user.email);
    await fail(user.email, { ...THIEF, ip: "203.0.113.67" });
    world.clock.advance(60);
    await fail(user.email);
    expect((await eventsOf(world.db, user.id)).map(({ data }) => data)).toEqual([{}, {}, {}]);
  });

  it("of addresses without an account are one row, whatever address is typed", async () => {
    for (let turn = 0; turn < 5; turn += 1) await fail(`nobody-${turn}@example.com`);
    const rows = await world.db.select().from(auditEvents).where(isNull(auditEvents.userId));
    expect(rows).toMatchObject([{ type: "login.failed", data: { count: 5 } }]);
  });
});
