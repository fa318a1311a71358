import type { User } from "@/db/queries/users.ts";

/** Whether somebody was invited and has not come: only their invitation opens that account, and only while it is good. */
export function isUnaccepted({ passwordHash, emailVerifiedAt }: User): boolean {
  return passwordHash === null && emailVerifiedAt === null;
}
