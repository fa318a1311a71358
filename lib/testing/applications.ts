import { type Application, findApplication } from "@/db/queries/applications.ts";
import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { authorize } from "@/lib/auth/applications/authorize.ts";
import { redeemCode } from "@/lib/auth/applications/redeem-code.ts";
import { randomToken, sha256 } from "@/lib/base/crypto.ts";
import type { Holder } from "./wire.ts";
import type { World } from "./world.ts";

export const CALLBACK = "https://shop.example.com/callback";

/** An application that people can log in to, and its secret where it has one. */
export async function someApplication(
  world: Pick<World, "app" | "call">,
  { confidential = false, name = "My shop" } = {},
): Promise<{ application: Application; secret: string | null }> {
  const asked = { name, confidential, redirect_addresses: [CALLBACK] };
  const added = await addApplication(world.call(), asked);
  const application = await findApplication(world.app.db, added.client_id);
  if (!application) throw new Error("an application that was added is gone");
  return { application, secret: added.client_secret };
}

export type Sent = { code: string; redirectUri: string; verifier: string };

/** A browser's log-in sent on to an application, with what only that application knows. */
export async function sentOn(
  world: Pick<World, "call">,
  { user, session }: Pick<Holder, "user" | "session">,
  application: Application,
  asked: { scope?: string; nonce?: string } = {},
): Promise<Sent> {
  const verifier = randomToken(32);
  const codeChallenge = sha256(verifier).toString("base64url");
  const request = { redirectUri: CALLBACK, codeChallenge, scope: "openid profile email", ...asked };
  const authorized = await authorize(world.call(), { application, request, keptAt: null }, { user, session });
  if (authorized.kind !== "granted") throw new Error(`not granted: ${authorized.kind}`);
  return { code: authorized.code, redirectUri: CALLBACK, verifier };
}

/** What an application holds once it has redeemed its code. */
export async function opened(
  world: Pick<World, "call">,
  holder: Pick<Holder, "user" | "session">,
  application: Application,
  asked: { scope?: string; nonce?: string } = {},
) {
  const issued = await redeemCode(world.call(), application, await sentOn(world, holder, application, asked));
  if (issued.kind !== "issued") throw new Error("a good code was refused");
  return issued.body;
}
