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

/** A session that an application opened from a person's browser, as the code of that browser makes it. */
export async function openApplication(
  { app, clock }: Place,
  { user, session: from }: Holder,
  application: Named,
  { device = LAPTOP, scope = "openid email" } = {},
): Promise<Holder> {
  const opened = { id: randomUUID(), from, application, scope };
  const call = { app, device, now: clock.now() };
  const session = await app.db.transaction((transaction) =>
    createSession(transaction, call, { user, amr: from.amr, opened }),
  );
  return { user, session, tokens: await signTokenPair(app.tokens.keys, session, app.tokens.policy) };
}
