import { beforeAll, describe, expect, it } from "vitest";
import { authenticateClient } from "@/lib/auth/applications/authenticate-client.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { openFrom, someApplication } from "@/lib/testing/opened-applications.ts";
import { endingsOf, sessionRow } from "@/lib/testing/records.ts";
import { type Holder, someone, times } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { addApplication } from "./add-application.ts";
import { listApplications, showApplication } from "./list-applications.ts";
import { removeApplication } from "./remove-application.ts";
import { replaceSecret } from "./replace-secret.ts";

const world = createWorld();
const NOBODY = "0199c5a0-0000-7000-8000-000000000000";
const DAY = 24 * 60 * 60;
const CALLBACK = "https://bakery.example.com/callback";

let admin: Holder;
beforeAll(async () => {
  admin = await someAdmin(world);
});

const call = (): LoggedInCall => world.call({ principal: admin });

async function recorded(clientId: string) {
  const rows = await world.db.$client`
    select type, actor_id, host(ip) as ip, data from audit_events
    where data->>'client_id' = ${clientId} order by type`;
  return [...rows];
}

describe("an application that an admin adds", () => {
  it("is listed by name and shown without its secret, and who added it is on record", async () => {
    const facts = { name: "Bakery", redirect_addresses: [CALLBACK], confidential: true };
    const added = await addApplication(call(), facts);
    if (added.kind !== "added") throw new Error(added.kind);
    const { client_secret: secret, webhook_secret: none, ...application } = added.application;
    expect(none).toBeNull();
    expect(application).toEqual({
      client_id: application.client_id,
      name: "Bakery",
      confidential: true,
      redirect_addresses: [CALLBACK],
      logged_out_addresses: [],
      backchannel_address: null,
      webhook_address: null,
      previous_secret_until: null,
      previous_webhook_secret_until: null,
      created_at: world.clock.now().toISOString(),
    });
    expect(await showApplication(call(), application.client_id)).toEqual({ kind: "shown", application });
    await someApplication(world.app, "A first one");
    const listed = await listApplications(call());
    if (listed.kind !== "listed") throw new Error(listed.kind);
    expect(listed.page.next).toBeNull();
    expect(listed.page.results.map(({ name }) => name)).toEqual(["A first one", "Bakery"]);
    expect(listed.page.results).toContainEqual(application);
    const credentials = { clientId: application.client_id, secret };
    expect(await authenticateClient(world.call(), credentials)).toMatchObject({ kind: "authenticated" });
    expect(await recorded(application.client_id)).toEqual([
      {
        type: "application.added",
        actor_id: admin.user.id,
        ip: "192.0.2.7",
        data: { application: "Bakery", client_id: application.client_id },
      },
    ]);
  });
});

describe("a new secret", () => {
  it("works at once, the one before for a day, and the one before that no more", async () => {
    const { client_id: clientId, client_secret: first } = await someApplication(world.app);
    const renew = async () => {
      const replaced = await replaceSecret(call(), { clientId, why: "it leaked" });
      if (replaced.kind !== "replaced") throw new Error(replaced.kind);
      return replaced.application;
    };
    const second = await renew();
    expect(second.previous_secret_until).toBe(secondsAfter(world.clock.now(), DAY).toISOString());
    const { client_secret: third } = await renew();
    const secrets = [first, second.client_secret, third];
    const opens = async () =>
      Promise.all(
        secrets.map(async (secret) => (await authenticateClient(world.call(), { clientId, secret })).kind),
      );
    expect(await opens()).toEqual(["refused", "authenticated", "authenticated"]);
    world.clock.advance(DAY);
    expect(await opens()).toEqual(["refused", "refused", "authenticated"]);
    world.clock.advance(-DAY);
    const data = { application: "My shop", client_id: clientId, why: "it leaked" };
    const change = { type: "application.secret_replaced", actor_id: admin.user.id, ip: "192.0.2.7", data };
    expect((await recorded(clientId)).slice(1)).toEqual([change, change]);
  });

  it("is nothing for a public one, nor for one that is not there", async () => {
    const facts = { name: "App", redirect_addresses: ["com.example.app:/callback"] };
    const added = await addApplication(call(), facts);
    if (added.kind !== "added") throw new Error(added.kind);
    expect(added.application.client_secret).toBeNull();
    const { client_id: clientId } = added.application;
    expect(await replaceSecret(call(), { clientId })).toEqual({
      kind: "invalid-fields",
      fields: { non_field_errors: ["A public application has no secret."] },
    });
    expect(await replaceSecret(call(), { clientId: NOBODY })).toMatchObject({ code: "not_found" });
    expect(await showApplication(call(), NOBODY)).toMatchObject({ code: "not_found" });
  });
});

describe("an application that an admin removes", () => {
  it("goes once, with its sessions and nobody else's, and why is on record", async () => {
    const shop = await someApplication(world.app);
    const bakery = await someApplication(world.app, "Bakery");
    const holder = await someone(world);
    const [own, other] = [await openFrom(world.app, holder, shop), await openFrom(world.app, holder, bakery)];
    const remove = () => removeApplication(call(), { clientId: shop.client_id, why: "closed" });
    const outcomes = await times(2, remove);
    expect(outcomes).toContainEqual({ kind: "removed", name: "My shop", ended: 1 });
    expect(outcomes).toContainEqual(expect.objectContaining({ code: "not_found" }));
    expect(await sessionRow(world.db, own.id)).toMatchObject({
      revokedReason: "revoked_by_admin",
      applicationId: null,
    });
    expect((await sessionRow(world.db, other.id)).revokedAt).toBeNull();
    expect((await sessionRow(world.db, holder.session.id)).revokedAt).toBeNull();
    expect(await endingsOf(world.db, holder.user.id)).toEqual([
      { type: "session.revoked", sessionId: own.id, reason: "revoked_by_admin" },
    ]);
    expect((await recorded(shop.client_id)).at(-1)).toEqual({
      type: "application.removed",
      actor_id: admin.user.id,
      ip: "192.0.2.7",
      data: { application: "My shop", client_id: shop.client_id, sessions: 1, why: "closed" },
    });
  });
});
