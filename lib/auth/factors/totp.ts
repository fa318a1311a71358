import { Secret, TOTP } from "otpauth";
import type { TotpSecret } from "@/db/queries/totp-secrets.ts";
import type { App } from "@/lib/app/app.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import { open, randomSecret, seal } from "@/lib/base/crypto.ts";

/** What an authenticator app adds to how a session was proven. */
export const TOTP_AMR = ["otp", "mfa"];

const SECRET_BYTES = 20;
const STEP_SECONDS = 30;
const DRIFT_STEPS = 1;
const ISSUER = "Keyturn";

/** Whose secret it is, and in which row: sealed for these, it opens nowhere else. */
type Place = Pick<TotpSecret, "id" | "userId">;
const aad = ({ id, userId }: Place) => `totp ${userId} ${id}`;

/** A fresh secret of 160 bits (RFC 4226 §4) in base32. */
export function makeTotpSecret(): string {
  return new Secret({ buffer: Uint8Array.from(randomSecret(SECRET_BYTES)).buffer }).base32;
}

/** What an authenticator app reads from a QR code. */
export function totpUri(secret: string, email: string): string {
  return totp(secret, email).toString();
}

/** A secret as it is kept. */
export function sealTotpSecret({ totpSealing: { id: keyId, key } }: App, secret: string, place: Place) {
  return { keyId, sealed: seal(key, secret, aad(place)) };
}

/**
 * The 30-second step whose code this is, one to either side of `now`'s forgiven (RFC 6238 §5.2); null for a wrong one.
 *
 * Throws where the row was moved, or its key is another one: then nobody can tell a right code.
 */
export function matchTotpStep({ totpSealing }: App, row: TotpSecret, code: string, now: Date): number | null {
  const secret = row.keyId === totpSealing.id ? open(totpSealing.key, row.sealed, aad(row)) : null;
  if (secret === null) return null;
  const delta = totp(secret).validate({ token: code, timestamp: now.getTime(), window: DRIFT_STEPS });
  return delta === null ? null : Math.floor(epochSeconds(now) / STEP_SECONDS) + delta;
}

function totp(secret: string, label = "") {
  return new TOTP({
    issuer: ISSUER,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: "SHA1",
    digits: 6,
    period: STEP_SECONDS,
  });
}
