import type { Executor } from "@/db/client.ts";
import { endInvitationsBy } from "@/db/queries/challenges.ts";
import { isLastAdmin, lockAnyUser, type User, updateUser } from "@/db/queries/users.ts";
import { type AuditEvent, recordEvents } from "@/lib/audit/record.ts";
import { requireAdmin, requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { PersonChange, ShownPerson } from "@/lib/contract/admin.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { toShownUser } from "./show-user.ts";

const LAST_ADMIN = "The last active administrator stays one. Make somebody else an administrator first.";

type Changed = { kind: "changed"; user: User };

/**
 * Changes a person's name or role, takes their access away or gives it back.
 *
 * 1. the caller is no admin, or stopped being one at this very moment → `permission_denied`
 * 2. access or role are to change, and the caller's log-in is too long ago → `recent_login_required`
 * 3. nobody has that id → `not_found`
 * 4. no active admin would be left → refused; of two admins who take each other's role at once, one keeps it
 * 5. it is all so already → nothing changes, and nothing is recorded
 * 6. else → changed and on record, one event a fact. Who becomes inactive loses every session, challenge and trusted
 *    device at once; a new role holds for the next call of every session. Who is no admin any more, or inactive, has
 *    no open invitation left
 */
export async function changeUser(
  call: LoggedInCall,
  { userId, change }: { userId: string; change: PersonChange },
): Promise<{ kind: "shown"; person: ShownPerson } | Failure | InvalidFields> {
  const { app, principal } = call;
  const hurts = change.is_active !== undefined || change.role !== undefined;
  const refused = hurts ? requireRecentAdmin(call) : requireAdmin(principal);
  if (refused) return refused;
  const outcome = await app.transaction((transaction) => applyChange(transaction, call, { userId, change }));
  if (outcome.kind !== "changed") return outcome;
  return { kind: "shown", person: await toShownUser(call, outcome.user) };
}

async function applyChange(
  transaction: Executor,
  call: LoggedInCall,
  { userId, change }: { userId: string; change: PersonChange },
): Promise<Changed | Failure | InvalidFields> {
  const { principal, device, now } = call;
  const caller = await lockActingAdmin(transaction, call);
  if (caller.kind === "failure") return caller;
  const { admins } = caller;
  const user = await lockAnyUser(transaction, userId);
  if (!user) return failure("not_found");
  const isLast = isLastAdmin(admins, userId);
  if (isLast && change.role === "user") return invalidFields({ role: [LAST_ADMIN] });
  if (isLast && change.is_active === false) return invalidFields({ is_active: [LAST_ADMIN] });
  const { facts, events } = difference(user, change);
  if (events.length === 0) return { kind: "changed", user };
  await updateUser(transaction, userId, facts);
  const act = { userId, actorId: principal.user.id, device };
  if (facts.isActive === false) {
    const ending = { reason: "account_deactivated", ...act, why: change.reason } as const;
    await endEverything(transaction, call, userId, ending);
  }
  if (facts.role === "user") await endInvitationsBy(transaction, userId, now);
  const why = change.reason !== undefined && { why: change.reason };
  const recorded = events.map(({ type, data }) => ({ type, ...act, data: { ...data, ...why } }));
  await recordEvents(transaction, recorded, now);
  return { kind: "changed", user: { ...user, ...facts } };
}

/** What is not so yet, and the event that tells each of it. */
function difference(user: User, { name, role, is_active: isActive }: PersonChange) {
  const facts: Partial<Pick<User, "name" | "role" | "isActive">> = {};
  const events: Pick<AuditEvent, "type" | "data">[] = [];
  if (name !== undefined && name !== user.name) {
    facts.name = name;
    events.push({ type: "user.renamed" });
  }
  if (role !== undefined && role !== user.role) {
    facts.role = role;
    events.push({ type: "user.role_changed", data: { role, from: user.role } });
  }
  if (isActive !== undefined && isActive !== user.isActive) {
    facts.isActive = isActive;
    events.push({ type: isActive ? "user.reactivated" : "user.deactivated" });
  }
  return { facts, events };
}
