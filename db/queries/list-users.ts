import { and, eq, type SQL, sql } from "drizzle-orm";
import { comparable, toComparable } from "../address.ts";
import type { Executor } from "../client.ts";
import { users } from "../schema.ts";
import { type AskedPage, beyond, type FoundPage, newestFirst, toPage } from "./keyset.ts";
import { toNameStart, type User } from "./users.ts";

/** Which people are meant; what is absent does not matter. */
export type UserFilter = {
  /** Any part of an address or of the start of a name, in any case. */
  search?: string | undefined;
  isActive?: boolean | undefined;
  role?: User["role"] | undefined;
};

/** One page of the people whom the filter means, the newest account first. */
export async function searchUsers(
  db: Executor,
  { search, isActive, role }: UserFilter,
  { after, limit }: AskedPage,
): Promise<FoundPage<User>> {
  const rows = await db
    .select()
    .from(users)
    .where(
      and(
        search === undefined ? undefined : contains(search),
        isActive === undefined ? undefined : eq(users.isActive, isActive),
        role && eq(users.role, role),
        beyond(users, after),
      ),
    )
    .orderBy(...newestFirst(users))
    .limit(limit + 1);
  return toPage(rows, limit, ({ createdAt: at, id }) => ({ at, id }));
}

/** Indexed by the trigrams of both, where the database has `pg_trgm`; else every person is looked at. */
function contains(text: string): SQL {
  const escaped = (part: string) => `%${part.replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(${comparable(users.email)} like ${escaped(toComparable(text))}
    or ${users.nameStart} like ${escaped(toNameStart(text))})`;
}
