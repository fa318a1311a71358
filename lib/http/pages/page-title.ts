import type { Metadata } from "next";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import { pagePrincipal } from "./page-principal.ts";

/** What the title of a page says to whom it is answered with 404, as any page that does not exist. */
export const NOT_FOUND: Metadata = { title: "Not found" };

/** The title of a page that only admins see; for anybody else there is no such page, by its title neither. */
export function titleForAdmins(title: string): () => Promise<Metadata> {
  return async () => {
    const principal = await pagePrincipal();
    return principal && requireAdmin(principal) ? NOT_FOUND : { title };
  };
}
