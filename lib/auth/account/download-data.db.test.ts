import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { passkeys } from "@/db/schema.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { trustDevice } from "@/lib/auth/devices/trust-device.ts";
import { startStepUp } from "@/lib/auth/log-in/step-up.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { setUpPasskey, setUpTotp } from "@/lib/testing/factors.ts";
import { makeApplication, openApplication } from "@/lib/testing/opened-applications.ts";
import { eventsOf, sessionRow, userRow, writeUser } from "@/lib/testing/records.ts";
import { createTwoStepWorld, PHONE } from "@/lib/testing/two-step.ts";
import { type Holder, openSession } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { deleteAccount } from "./delete-account.ts";
import { downloadData } from "./download-data.ts";

const world = createTwoStepWorld();
const IN_BERLIN = { ...LAPTOP, location: "Berlin, Germany" };

const ask = (who: Holder) => downloadData(world.call({ principal: who }));

async function download(who: Holder) {
  const outcome = await ask(who);
  if (outcome.kind !== "gathered") throw new Error(JSON.stringify(outcome));
  return outcome.data;
}

const someone = async () => openSession(world.app, await world.person({ name: "Ada" }), IN_BERLIN);

describe("1. a log-in that is too long ago", () => {
  it("asks to be confirmed, and nothing is recorded", async () => {
    const who = await someone();
    const session = { ...who.session, authenticatedAt: secondsAfter(world.clock.now(), -10 * 60) };
    expect(await ask({ ...who, session })).toMatchObject({ code: "recent_login_required" });
    expect((await eventsOf(world.db, who.user.id)).map(({ type }) => type)).toEqual(["login.succeeded"]);
  });
});

describe("2. an account that is gone by now", () => {
  it("is refused, and leaves no new line", async () => {
    const who = await someone();
    await deleteAccount(world.call({ principal: who }), "correct horse battery");
    expect(await ask(who)).toMatchObject({ code: "token_not_valid" });
    expect((await eventsOf(world.db, who.user.id)).map(({ type }) => type)).toEqual(["user.deleted"]);
  });
});

describe("3. the data", () => {
  it("of somebody who has just logged in is exactly this", async () => {
    const who = await someone();
    const now = world.clock.now().toISOString();
    const proven = "2026-01-01T00:00:00.000Z";
    expect(await download(who)).toEqual({
      downloaded_at: now,
      incomplete: [],
      account: {
        id: who.user.id,
        email: who.user.email,
        name: "Ada",
        role: "user",
        email_verified_at: proven,
        created_at: proven,
        two_factor: { email: true, totp: false, passkeys: 0, recovery_codes_left: 0 },
        is_active: true,
        last_login_at: now,
        wrong_codes_in_a_row: 0,
        codes_closed_until: null,
        held_until: null,
      },
      sessions: [
        {
          id: who.session.id,
          name: null,
          created_at: now,
          authenticated_at: now,
          last_seen_at: now,
          expires_at: who.session.idleExpiresAt.toISOString(),
          ended_at: null,
          ended_reason: null,
          amr: ["pwd"],
          ip: LAPTOP.ip,
          location: "Berlin, Germany",
          user_agent: LAPTOP.userAgent,
          application: null,
          scope: null,
          opened_by: null,
        },
      ],
      trusted_devices: [],
      known_devices: [{ family: "Firefox on Linux", first_seen_at: now }],
      passkeys: [],
      authenticator_apps: [],
      events: [expect.objectContaining({ type: "login.succeeded", ip: LAPTOP.ip, browser: "Firefox" })],
      mails: [],
      proofs: [],
    });
    const events = await eventsOf(world.db, who.user.id);
    expect(events.find(({ type }) => type === "data.downloaded")).toMatchObject({
      sessionId: who.session.id,
      ip: LAPTOP.ip,
      data: {},
    });
  });

  it("names passkeys and the authenticator app, and holds no key, secret or recovery code", async () => {
    const who = await someone();
    const { passkeyId } = await setUpPasskey(world.call({ principal: who, now: world.clock.now() }));
    const now = world.clock.now().toISOString();
    const principal = { ...who, user: await userRow(world.db, who.user.id) };
    principal.session = await sessionRow(world.db, who.session.id);
    const { secret, recoveryCodes } = await setUpTotp(world.call({ principal, now: world.clock.now() }));
    const data = await download(who);
    expect(data.account.two_factor).toEqual({
      email: true,
      totp: true,
      passkeys: 1,
      recovery_codes_left: 10,
    });
    expect(data.passkeys).toEqual([
      expect.objectContaining({ id: passkeyId, name: "Passkey", created_at: now, last_used_at: null }),
    ]);
    expect(data.authenticator_apps).toEqual([{ created_at: now, confirmed_at: now }]);
    const [row] = await world.db.select().from(passkeys);
    const hidden = [secret, ...recoveryCodes, row?.publicKey.toString("base64") ?? "?"];
    for (const text of hidden) expect(JSON.stringify(data)).not.toContain(text);
  });

  it("says of an application's session which one it is and what it learns, and nothing that it could be opened by", async () => {
    const who = await someone();
    const shop = await makeApplication(world, "My shop");
    const { session, tokens } = await openApplication(world, who, shop, { scope: "openid email" });
    const data = await download(who);
    expect(data.sessions.find(({ id }) => id === session.id)).toMatchObject({
      application: "My shop",
      scope: "openid email",
      opened_by: who.session.id,
    });
    expect(data.events.map(({ type }) => type)).toContain("application.opened");
    for (const secret of [tokens.access, tokens.refresh, "shop.example.com"])
      expect(JSON.stringify(data)).not.toContain(secret);
  });

  it("holds ended sessions, mails by kind and time, trusted devices and what waits for a proof", async () => {
    const who = await someone();
    const now = world.clock.now();
    const ended = await openSession(world.app, who.user, PHONE);
    await logOut(world.call({ device: PHONE, now }), { access: ended.tokens.access, refresh: null });
    await trustDevice(world.db, who.user.id, { device: LAPTOP, now });
    await startStepUp(world.call({ principal: who, now }));
    const data = await download(who);
    expect(data.sessions.find(({ id }) => id === ended.session.id)).toMatchObject({
      ended_at: now.toISOString(),
      ended_reason: "logged_out",
    });
    expect(data.trusted_devices).toMatchObject([{ ip: LAPTOP.ip, user_agent: LAPTOP.userAgent }]);
    expect(data.mails.map(({ kind }) => kind).sort()).toEqual(["code", "new-device"]);
    expect(data.mails[0]).toEqual({
      kind: expect.any(String),
      recipient: who.user.email,
      state: "waiting",
      created_at: now.toISOString(),
      sent_at: null,
    });
    expect(data.proofs.map(({ purpose }) => purpose).sort()).toEqual(["not-me", "step-up"]);
  });

  it("opens no door: no hash, code, token or sealed mail, and nothing of an admin or of another person", async () => {
    const who = await someone();
    const other = await openSession(world.app, await world.person(), PHONE);
    const { code } = await world.start(who.user);
    await trustDevice(world.db, who.user.id, { device: LAPTOP, now: world.clock.now() });
    const admin = { ip: "203.0.113.99", userAgent: "Admin/1" };
    const actorId = randomUUID();
    await recordEvents(
      world.db,
      [{ type: "user.role_changed", userId: who.user.id, actorId, device: admin, data: { role: "user" } }],
      world.clock.now(),
    );
    const text = JSON.stringify(await download(who));
    const secrets = await world.db.execute<{ secret: string }>(sql`
      select password_hash as secret from users
      union all select encode(token_hash, 'hex') from challenges
      union all select encode(code_hash, 'hex') from challenges where code_hash is not null
      union all select encode(secret_hash, 'hex') from trusted_devices
      union all select encode(sealed, 'hex') from outbox where sealed is not null`);
    expect(secrets.length).toBeGreaterThan(5);
    for (const { secret } of secrets) expect(text).not.toContain(secret);
    for (const secret of [
      code,
      actorId,
      admin.ip,
      "Admin",
      other.user.id,
      other.user.email,
      "argon2",
      "hash",
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/"type":"Buffer"/);
  });

  it("is bounded: of each kind the newest ten thousand, and it says what was cut", async () => {
    const who = await someone();
    await world.db.execute(sql`
      insert into audit_events (id, type, created_at, user_id, data)
      select gen_random_uuid(), 'login.failed', '2026-01-01'::timestamptz + n * interval '1 second', ${who.user.id}, '{}'
      from generate_series(1, 10000) n`);
    const data = await download(who);
    expect(data.incomplete).toEqual(["events"]);
    expect(data.events).toHaveLength(10_000);
    expect(data.events[0]?.type).toBe("login.succeeded");
  });

  it("is of one moment, whatever changes while it is read", async () => {
    const who = await someone();
    const [data] = await Promise.all([
      download(who),
      writeUser(world.db, who.user.id, { name: "Lovelace" }),
      openSession(world.app, who.user, PHONE),
    ]);
    const newDevices = data.known_devices.length - 1;
    expect(data.sessions).toHaveLength(1 + newDevices);
    expect(data.events.filter(({ type }) => type === "login.succeeded")).toHaveLength(1 + newDevices);
  });
});
