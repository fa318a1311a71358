import type { Session } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";

/** Who is calling: a person on a live session, both read from the database for this very request. */
export type Principal = { user: User; session: Session };

/** A request of somebody who is logged in. */
export type LoggedInCall = Call & { principal: Principal };
