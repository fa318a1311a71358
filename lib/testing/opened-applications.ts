import type { Session } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import type { Holder } from "./wire.ts";
import { LAPTOP, type World } from "./world.ts";

/** An application that a session can be of. */
type Named = { id: string; name: string };

type Place = Pick<World, "app" | "clock">;

/** A public application of the operator's. */
export async function makeApplication({ app, clock }: Place, name = "My shop"): Promise<Named> {
  const asked = { name, redirect_addresses: ["https://shop.example.com/callback"] };
  const { client_id: id } = await addApplication({ app, now: clock.now() }, asked);
  return { id, name };
}

/** An application that can keep a secret, and its secret. */
export async function someApplication(app: App, name = "My shop") {
  const asked = { name, redirect_addresses: ["https://shop.example.com/callback"], confidential: true };
  return addApplication({ app, now: app.clock.now() }, asked);
}

/** The session that an application opens from a browser's, without the code before it. */
export async function openFrom(
  app: App,
  { user, session: from }: Holder,
  { client_id: id, name }: { client_id: string; name: string },
  { device = LAPTOP, scope = "openid email" } = {},
): Promise<Session> {
  const opened = { id: randomUUID(), from, application: { id, name }, scope };
  const call = { app, device, now: app.clock.now() };
  return app.db.transaction((transaction) =>
    createSession(transaction, call, { user, amr: from.amr, opened }),
  );
}

/** The same with the tokens that its application holds. */
export async function openApplication(
  { app }: Place,
  holder: Holder,
  { id, name }: Named,
  where: { device?: Device; scope?: string } = {},
): Promise<Holder> {
  const session = await openFrom(app, holder, { client_id: id, name }, where);
  return {
    user: holder.user,
    session,
    tokens: await signTokenPair(app.tokens.keys, session, app.tokens.policy),
  };
}
