import { z } from "zod";

export const PublicTwoFactor = z.object({
  email: z.boolean().describe("A log-in asks for a code by e-mail."),
  totp: z.boolean(),
  passkeys: z.int(),
  recovery_codes_left: z.int(),
});

export type PublicTwoFactor = z.infer<typeof PublicTwoFactor>;

/** Whether somebody can prove themselves by more than the mailbox. */
export function isStrong({ totp, passkeys }: PublicTwoFactor): boolean {
  return totp || passkeys > 0;
}

/** What `GET /api/me` and every log-in by cookie say of the person. */
export const PublicUser = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(["user", "admin"]),
  email_verified_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  two_factor: PublicTwoFactor,
});
export type PublicUser = z.infer<typeof PublicUser>;
