import type { User } from "@/db/queries/users.ts";

export const SCOPES = ["openid", "profile", "email", "offline_access"] as const;

/** What an application learns of a person by the scopes it asked for (OpenID Connect Core §5.4). */
export function personClaims(user: User, scope: string) {
  const scopes = scope.split(" ");
  return {
    sub: user.id,
    ...(scopes.includes("email") && { email: user.email, email_verified: user.emailVerifiedAt !== null }),
    ...(scopes.includes("profile") && { name: user.name }),
  };
}
