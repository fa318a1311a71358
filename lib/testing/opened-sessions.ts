import type { App } from "@/lib/app/app.ts";
import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { Holder } from "./wire.ts";
import { LAPTOP } from "./world.ts";

/** An application that can keep a secret. */
export async function someApplication(app: App, name = "My shop") {
  const asked = { name, redirect_addresses: ["https://shop.example.com/callback"], confidential: true };
  return addApplication({ app, now: app.clock.now() }, asked);
}

/** The session that an application opens from a browser's, without the code before it. */
export async function openFrom(
  app: App,
  { user, session }: Holder,
  { client_id: id, name }: { client_id: string; name: string },
) {
  const opened = { id: randomUUID(), from: session, application: { id, name }, scope: "openid" };
  const call = { app, device: LAPTOP, now: app.clock.now() };
  return app.db.transaction((transaction) =>
    createSession(transaction, call, { user, amr: session.amr, opened }),
  );
}
