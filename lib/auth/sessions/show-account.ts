import type { PublicUser } from "@/lib/contract/account.ts";
import type { Principal } from "./principal.ts";
import { toPublicUser } from "./shapes.ts";

/** The caller as they may see themselves. */
export function showAccount({ user }: Principal): PublicUser {
  return toPublicUser(user);
}
