import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { refuseWhileRegistrationIsClosed } from "./register.ts";
import { resendCode } from "./resend-code.ts";

/**
 * Mails again for a registration that waits for its code.
 *
 * 1. registration is closed → `permission_denied`
 * 2. else → what `resendCode` says, alike for an address that has an account: its owner is told again, without a code
 */
export async function resendRegistrationCode(
  app: App,
  secret: string,
  device: Device,
  now: Date,
): ReturnType<typeof resendCode> {
  return (
    refuseWhileRegistrationIsClosed(app) ?? resendCode(app, { secret, purpose: "register" }, device, now)
  );
}
