import { type Application, findApplication } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { hashClientSecret } from "./client-secret.ts";

/** Who a client says to be, and what it shows for it; null where it shows nothing. */
export type ClientCredentials = { clientId: string; secret: string | null };

/**
 * Which application is calling (RFC 6749 §2.3).
 *
 * 1. nobody has that `client_id` → `unknown`
 * 2. a public one that shows a secret, which it can't have → `refused`
 * 3. a confidential one whose secret is neither the present one nor, for a day, the one before → `refused`
 * 4. else → the application
 */
export async function authenticateClient(
  { app, now }: Moment,
  { clientId, secret }: ClientCredentials,
): Promise<{ kind: "authenticated" | "refused"; application: Application } | { kind: "unknown" }> {
  const application = await findApplication(app.db, clientId);
  if (!application) return { kind: "unknown" };
  const { secretHash, previousSecretHash, previousSecretUntil } = application;
  const previous = previousSecretUntil && previousSecretUntil > now ? previousSecretHash : null;
  const shown = secret === null ? null : hashClientSecret(app, secret);
  const isRight = secretHash
    ? shown !== null && [secretHash, previous].some((hash) => hash?.equals(shown))
    : shown === null;
  return { kind: isRight ? "authenticated" : "refused", application };
}
