import { createUser } from "@/lib/auth/registration/create-user.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { errors } from "@/lib/contract/errors.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";

export type UserCreateOptions = {
  password?: string;
  role?: "user" | "admin";
  twoFactor?: "email" | "off";
  name?: string;
};

const MADE_PASSWORD_BYTES = 15;

/** Makes a verified account. A password that was not given is made, and said this once. */
export async function userCreate(
  settings: Settings,
  email: string,
  { password, role, twoFactor, name }: UserCreateOptions,
): Promise<Outcome> {
  const made = password === undefined ? { password: randomToken(MADE_PASSWORD_BYTES) } : {};
  return withApp(settings, async (app) => {
    const facts = {
      email,
      password: password ?? "",
      name,
      role,
      twoFactorEmail: twoFactor && twoFactor === "email",
      ...made,
    };
    const created = await createUser({ app, now: app.clock.now() }, facts);
    switch (created.kind) {
      case "created": {
        const user = toPublicUser(created.user);
        const lines = [`Created ${user.email} with the role ${user.role}.`];
        if (made.password) lines.push(`Password: ${made.password}   (shown this once)`);
        return done(lines, { ...user, ...made });
      }
      case "taken":
        return refused(`${email.trim()} has an account already; it is left as it is.`);
      case "invalid-fields":
        return refused(...Object.values(created.fields).flat());
      case "failure":
        return refused(created.detail ?? errors[created.code].detail);
    }
  });
}
