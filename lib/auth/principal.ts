import type { Session } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";

/** Who is calling: a person on a live session, both read from the database for this very request. */
export type Principal = { user: User; session: Session };
