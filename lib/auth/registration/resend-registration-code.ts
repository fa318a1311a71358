import type { Call } from "@/lib/app/call.ts";
import { resendCode } from "@/lib/auth/factors/resend-code.ts";
import { refuseWhileRegistrationIsClosed } from "./register.ts";

/**
 * Mails again for a registration that waits for its code.
 *
 * 1. registration is closed → `permission_denied`
 * 2. else → what `resendCode` says, alike for an address that has an account: its owner is told again, without a code
 */
export async function resendRegistrationCode(call: Call, secret: string): ReturnType<typeof resendCode> {
  const { app } = call;
  return refuseWhileRegistrationIsClosed(app) ?? resendCode(call, { secret, purpose: "register" });
}
