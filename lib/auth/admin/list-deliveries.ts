import { type LeftDelivery, listLeftDeliveries } from "@/db/queries/deliveries.ts";
import { showApplication } from "@/lib/auth/applications/list-applications.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { PublicDelivery } from "@/lib/contract/deliveries.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { Page } from "@/lib/contract/pages.ts";

/** So many are shown; a receiver that is away has thousands, all with the same answer. */
const MOST = 50;

/**
 * What an application was not told yet or not at all, the newest fifty; never what it is told. `permission_denied` for
 * who is no admin, `not_found` where there is no such application.
 */
export async function listDeliveries(
  call: LoggedInCall,
  clientId: string,
): Promise<{ kind: "listed"; page: Page<PublicDelivery> } | Failure> {
  const refused = requireAdmin(call.principal);
  if (refused) return refused;
  if (!(await showApplication(call, clientId))) return failure("not_found");
  const left = await listLeftDeliveries(call.app.db, clientId, MOST);
  return { kind: "listed", page: { results: left.map(toPublicDelivery), next: null } };
}

function toPublicDelivery({ id, type, createdAt, attempts, state, nextAttemptAt, lastAnswer }: LeftDelivery) {
  return {
    id,
    type,
    created_at: createdAt.toISOString(),
    attempts,
    next_attempt_at: state === "waiting" ? nextAttemptAt.toISOString() : null,
    last_answer: lastAnswer,
  };
}
