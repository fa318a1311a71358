import type { Application } from "@/db/queries/applications.ts";
import type { AuthorizationRequest } from "@/db/queries/challenges.ts";
import { insertDestination } from "@/db/queries/destinations.ts";
import type { Call } from "@/lib/app/call.ts";
import { DESTINATION_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { clientNetwork, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomToken, randomUUID, sha256 } from "@/lib/base/crypto.ts";
import { originsOf } from "@/lib/contract/applications.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { isOurPage } from "@/lib/contract/next-path.ts";
import { isRegisteredOrigin } from "./registered-origins.ts";

/** Where a browser wants to go: an address, or on to an application. */
export type Wanted =
  | { kind: "address"; address: string }
  | { kind: "log-in"; application: Application; request: AuthorizationRequest };

/** A destination by its id, and the secret that the browser's cookie is to hold. */
export type Kept = { kind: "kept"; id: string; browser: string };

const BROWSER_BYTES = 32;

/**
 * Keeps where a browser is going until its person is logged in, for an hour. The id may stand in addresses; without the
 * browser's own secret it leads nowhere.
 *
 * @param browser the secret that the browser holds already, for its other tabs; else it gets one
 */
export async function keepDestination(
  call: Call,
  wanted: Wanted,
  browser: string | null,
): Promise<Kept | Failure> {
  const { app, device, now } = call;
  const network = clientNetwork(device.ip);
  const limited = { limit: "destinations kept for a client", subject: network } as const;
  const tooMany = await rateLimit(call, app.db, limited);
  if (tooMany) return tooMany;
  const secret = browser ?? randomToken(BROWSER_BYTES);
  const id = randomUUID();
  await insertDestination(app.db, {
    id,
    browserHash: sha256(secret),
    ...(wanted.kind === "address"
      ? { address: wanted.address }
      : { applicationId: wanted.application.id, authorization: wanted.request }),
    createdAt: now,
    expiresAt: secondsAfter(now, DESTINATION_LIFETIME_SECONDS),
  });
  return { kind: "kept", id, browser: secret };
}

/**
 * Whether `?next=` may lead there: to a page of ours, or to a page of an origin that the settings list or an
 * application registered (ASVS 3.7.2).
 */
export async function mayLeadTo({ app }: Pick<Call, "app">, next: string): Promise<boolean> {
  if (isOurPage(next)) return true;
  const [origin] = originsOf([next]);
  if (origin === undefined) return false;
  return app.settings.CORS_ORIGINS.includes(origin) || isRegisteredOrigin({ app }, origin);
}
