import { asc } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { findApplication } from "@/db/queries/applications.ts";
import { deliveries } from "@/db/schema.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { renameUser } from "@/lib/auth/account/rename-user.ts";
import { addApplication as addAsAdmin } from "@/lib/auth/admin/add-application.ts";
import { changeUser } from "@/lib/auth/admin/change-user.ts";
import { listDeliveries } from "@/lib/auth/admin/list-deliveries.ts";
import { replaceWebhookSecret } from "@/lib/auth/admin/replace-webhook-secret.ts";
import { revokeSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { sendDeliveriesAgain } from "@/lib/auth/admin/send-deliveries-again.ts";
import { acceptInvitation } from "@/lib/auth/registration/accept-invitation.ts";
import { createUser } from "@/lib/auth/registration/create-user.ts";
import { inviteUser } from "@/lib/auth/registration/invite-user.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { AddApplicationRequest } from "@/lib/contract/applications.ts";
import { openWebhookSecrets } from "@/lib/deliveries/webhook-secret.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { opened } from "@/lib/testing/applications.ts";
import { changeTo, freshAddress } from "@/lib/testing/email-change.ts";
import { lastTokenTo } from "@/lib/testing/mailbox.ts";
import { createTwoStepWorld } from "@/lib/testing/two-step.ts";
import { openSession } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { addApplication } from "./add-application.ts";
import { removeApplication } from "./remove-application.ts";

const world = createTwoStepWorld();
const now = () => world.clock.now();
const NOBODY = "0199c5a0-0000-7000-8000-000000000000";
const ASKED = { name: "My shop", redirect_addresses: ["https://shop.example.com/callback"] };
const WEBHOOK = "https://shop.example.com/webhook";

beforeEach(() => world.db.$client`truncate users, applications, deliveries, audit_events cascade`);

const add = (facts: Partial<AddApplicationRequest> = {}) =>
  addApplication(world.call(), { ...ASKED, ...facts });
const rows = () => world.db.select().from(deliveries).orderBy(asc(deliveries.place));
const told = async (userId: string) =>
  (await rows()).filter((row) => row.userId === userId).map(({ body }) => JSON.parse(body ?? "null"));

describe("an application with a webhook is told", () => {
  it("of everything that happens to a person, as they are then, and of a deleted one the ids alone", async () => {
    await add({ webhook_address: WEBHOOK });
    const made = await createUser(world.call(), {
      email: freshAddress(),
      name: "Ann",
      password: PASSWORD,
      twoFactorEmail: false,
    });
    if (made.kind !== "created") throw new Error(made.kind);
    const { user } = made;
    const admin = await someAdmin(world);
    const holder = await openSession(world.app, user);
    await renameUser(world.call({ principal: holder, now: now() }), "Anna");
    const byAdmin = (change: object) =>
      changeUser(world.call({ principal: admin, now: now() }), { userId: user.id, change });
    await byAdmin({ role: "admin" });
    await byAdmin({ is_active: false });
    await byAdmin({ is_active: true, role: "user" });
    const address = freshAddress();
    const last = await changeTo(world, await openSession(world.app, user), address);
    expect(await deleteAccount(world.call({ principal: last, now: now() }), PASSWORD)).toEqual({
      kind: "deleted",
    });
    const events = await told(user.id);
    const person = {
      id: user.id,
      legacy_id: null,
      email: user.email,
      name: "Ann",
      role: "user",
      is_active: true,
    };
    expect(events.map(({ type }) => type)).toEqual([
      "user.created",
      "session.created",
      "user.updated",
      "user.updated",
      "session.ended",
      "user.deactivated",
      "user.updated",
      "user.updated",
      "session.created",
      "user.updated",
      "session.ended",
      "user.deleted",
    ]);
    const [created, began, renamed, promoted, ended, deactivated, , , , moved, over, deleted] = events;
    expect(created).toEqual({
      type: "user.created",
      timestamp: user.createdAt.toISOString(),
      data: { user: person },
    });
    expect(began.data).toEqual({
      user: person,
      session: {
        id: holder.session.id,
        application: null,
        created_at: holder.session.createdAt.toISOString(),
        reason: null,
      },
    });
    expect(renamed.data.user.name).toBe("Anna");
    expect(promoted.data.user.role).toBe("admin");
    expect(ended.data.session).toMatchObject({ id: holder.session.id, reason: "account_deactivated" });
    expect(deactivated.data.user.is_active).toBe(false);
    expect(moved.data.user.email).toBe(address);
    expect(over.data).toMatchObject({
      user: { id: user.id, legacy_id: null },
      session: { reason: "account_deleted" },
    });
    expect(Object.keys(over.data.user)).toEqual(["id", "legacy_id"]);
    expect(deleted.data).toEqual({ user: { id: user.id, legacy_id: null } });
  });

  it("of an invited person when they are invited, and again when they came", async () => {
    await add({ webhook_address: WEBHOOK });
    const admin = await someAdmin(world);
    const email = freshAddress();
    await inviteUser(world.call({ now: now() }), admin, { email, role: "user" }, LAPTOP);
    const token = await lastTokenTo(world.app, email, "/accept-invitation");
    await acceptInvitation(world.call({ now: now() }), { token, password: "a better pass phrase" });
    const [row] = await world.db.$client`select id from users where email = ${email}`;
    expect((await told(String(row?.id))).map(({ type }) => type)).toEqual(["user.created", "user.updated"]);
  });

  it("of nothing that was undone", async () => {
    await add({ webhook_address: WEBHOOK });
    const { id: userId } = await world.person();
    await world.db.delete(deliveries);
    const app = {
      ...world.app,
      transaction: (work: Parameters<typeof world.app.transaction>[0]) =>
        world.app.transaction(async (transaction) => {
          await work(transaction);
          throw new Error("undone");
        }),
    } as typeof world.app;
    await expect(deactivateUser(world.call({ app }), { userId })).rejects.toThrow("undone");
    expect(await rows()).toEqual([]);
  });

  it("of each session, where an admin ends everybody's", async () => {
    const shop = await add({ webhook_address: WEBHOOK, backchannel_address: "https://shop.example.com/out" });
    const holder = await openSession(world.app, await world.person());
    const application = await findApplication(world.db, shop.client_id);
    if (!application) throw new Error("an application that was added is gone");
    await opened(world, holder, application);
    const principal = await someAdmin(world);
    await world.db.delete(deliveries);
    await revokeSessionsMatching(world.call({ principal, now: now() }), {
      filter: { everyone: true },
      reason: "stolen",
    });
    const types = (await rows()).map(({ type }) => type).sort();
    expect(types).toEqual(["log_out", "session.ended", "session.ended", "session.ended"]);
  });
});

describe("the addresses of an application", () => {
  it.each([
    "https://shop.example.com/x",
    "http://localhost:8000/x",
    "http://127.0.0.1/x",
  ])("may be %s", (address) => {
    const asked = { ...ASKED, backchannel_address: address, webhook_address: address };
    expect(AddApplicationRequest.safeParse(asked)).toMatchObject({ success: true, data: asked });
  });

  it.each([
    "shop",
    "http://shop.example.com/x",
    "https://user@shop.example.com/x",
    "https://shop.example.com/#x",
    "com.example.app:/x",
    "ftp://shop.example.com",
  ])("may not be %s", (address) => {
    for (const field of ["backchannel_address", "webhook_address"])
      expect(AddApplicationRequest.safeParse({ ...ASKED, [field]: address }).success).toBe(false);
  });

  it("are none where a form leaves them empty", () => {
    const asked = AddApplicationRequest.parse({ ...ASKED, backchannel_address: " ", webhook_address: "" });
    expect(asked).toMatchObject({ backchannel_address: null, webhook_address: null });
  });
});

describe("a webhook's secret", () => {
  it("is told when it is made and never again, and signs beside the next one for a day", async () => {
    const admin = await someAdmin(world);
    const by = () => world.call({ principal: admin, now: now() });
    const added = await addAsAdmin(by(), { ...ASKED, webhook_address: WEBHOOK });
    if (added.kind !== "added") throw new Error(added.kind);
    const { client_id: clientId, client_secret: none, webhook_secret: first } = added.application;
    expect([none, first]).toEqual([null, expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)]);
    const replaced = await replaceWebhookSecret(by(), { clientId, why: "it leaked" });
    if (replaced.kind !== "replaced") throw new Error(replaced.kind);
    const { webhook_secret: second, previous_webhook_secret_until: until } = replaced.application;
    expect(until).toBe(secondsAfter(now(), 24 * 60 * 60).toISOString());
    const signing = async () => {
      const application = await findApplication(world.db, clientId);
      return application && openWebhookSecrets(world.app.deliveries, application, now());
    };
    expect(await signing()).toEqual([second, first]);
    world.clock.advance(24 * 60 * 60);
    expect(await signing()).toEqual([second]);
    const dump = await world.db.$client`select applications::text as line from applications`;
    for (const secret of [first, second]) expect(String(dump[0]?.line)).not.toContain(secret);
  });

  it("is none where there is no webhook, or no application", async () => {
    const principal = await someAdmin(world);
    const { client_id: clientId } = await add();
    const by = world.call({ principal, now: now() });
    expect(await replaceWebhookSecret(by, { clientId })).toMatchObject({ kind: "invalid-fields" });
    expect(await replaceWebhookSecret(by, { clientId: NOBODY })).toMatchObject({ code: "not_found" });
  });
});

describe("what an application was not told", () => {
  it("is seen by an admin without its content, and sent again on record", async () => {
    const { client_id: clientId } = await add({ webhook_address: WEBHOOK });
    const principal = await someAdmin(world);
    await openSession(world.app, await world.person());
    await world.db
      .$client`update deliveries set state = 'given-up', ended_at = now(), last_answer = 'it answered 500', attempts = 9`;
    const by = world.call({ principal, now: now() });
    const listed = await listDeliveries(by, clientId);
    if (listed.kind !== "listed") throw new Error(listed.kind);
    const { results } = listed.page;
    expect(results.length).toBeGreaterThan(1);
    for (const each of results)
      expect(each).toEqual({
        id: expect.any(String),
        type: expect.stringMatching(/^(user|session)\.created$/),
        created_at: now().toISOString(),
        attempts: 9,
        next_attempt_at: null,
        last_answer: "it answered 500",
      });
    const again = await sendDeliveriesAgain(by, { clientId, why: "it is back" });
    expect(again).toEqual({ kind: "sent-again", count: results.length });
    expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(["waiting"]));
    const [event] = await world.db.$client`
      select actor_id, data from audit_events where type = 'application.deliveries_retried'`;
    expect(event).toEqual({
      actor_id: principal.user.id,
      data: { application: "My shop", client_id: clientId, count: results.length, why: "it is back" },
    });
  });

  it("is nobody else's business, and nothing where there is no application", async () => {
    const { client_id: clientId } = await add({ webhook_address: WEBHOOK });
    const by = world.call({ principal: await openSession(world.app, await world.person()), now: now() });
    expect(await listDeliveries(by, clientId)).toMatchObject({ code: "permission_denied" });
    expect(await sendDeliveriesAgain(by, { clientId })).toMatchObject({ code: "permission_denied" });
    const asAdmin = world.call({ principal: await someAdmin(world), now: now() });
    expect(await listDeliveries(asAdmin, NOBODY)).toMatchObject({ code: "not_found" });
    expect(await sendDeliveriesAgain(asAdmin, { clientId: NOBODY })).toMatchObject({ code: "not_found" });
  });

  it("goes with the application", async () => {
    const { client_id: clientId } = await add({ webhook_address: WEBHOOK });
    await openSession(world.app, await world.person());
    expect(await rows()).not.toEqual([]);
    await removeApplication(world.call({ now: now() }), clientId);
    expect(await rows()).toEqual([]);
  });
});

it("nothing is queued where no application has an address", async () => {
  await add({ confidential: true });
  const holder = await openSession(world.app, await world.person());
  await logOut(world.call({ now: now() }), { access: holder.tokens.access, refresh: null });
  expect(await rows()).toEqual([]);
});
