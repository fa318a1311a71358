import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import type { Challenge } from "@/db/queries/challenges.ts";
import type { Passkey } from "@/db/queries/passkeys.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { PASSKEY_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { hmacBytes } from "@/lib/base/crypto.ts";
import type { MadeCredential, SignedCredential } from "@/lib/contract/passkeys.ts";
import { passkeyAmr } from "./passkey-amr.ts";

export type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON };

/** EdDSA, ES256 and RS256 (RFC 9053, RFC 8812). */
const ALGORITHMS = [-8, -7, -257];
const RP_NAME = "Keyturn";

/** Loaded when the first passkey comes: it brings much that no other call needs. */
const webauthn = () => import("@simplewebauthn/server");

type Asked = Pick<Challenge, "id" | "triesLeft" | "passkeyAskedAt">;

/**
 * What a passkey is to sign for this challenge, as it stands: 32 bytes that nobody can foretell, others for every
 * challenge, every try of it and every time it is asked for. Null where none was asked for, or too long ago.
 */
export function toBeSigned(
  { app, now }: Moment,
  { id, triesLeft, passkeyAskedAt: askedAt }: Asked,
): Buffer | null {
  if (!askedAt || askedAt <= secondsAfter(now, -PASSKEY_LIFETIME_SECONDS)) return null;
  return hmacBytes(app.passkeyHashing, `${id} ${triesLeft} ${askedAt.getTime()}`);
}

/** What a browser needs to make a passkey. */
export async function creationOptions(
  rpId: string,
  { user, handle, held, challenge }: { user: User; handle: Buffer; held: Passkey[]; challenge: Buffer },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await webauthn();
  return generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: rpId,
    userName: user.email,
    userDisplayName: user.name || user.email,
    userID: Uint8Array.from(handle),
    challenge: Uint8Array.from(challenge),
    timeout: PASSKEY_LIFETIME_SECONDS * 1000,
    attestationType: "none",
    excludeCredentials: held.map(descriptor),
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** What a browser needs to ask for a passkey: one of `held`, or whichever the person has. */
export async function requestOptions(
  rpId: string,
  { challenge, held }: { challenge: Buffer; held: Passkey[] | null },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await webauthn();
  return generateAuthenticationOptions({
    rpID: rpId,
    challenge: Uint8Array.from(challenge),
    timeout: PASSKEY_LIFETIME_SECONDS * 1000,
    userVerification: held ? "preferred" : "required",
    ...(held && { allowCredentials: held.map(descriptor) }),
  });
}

/** What the browser says that it made, verified (WebAuthn §7.1); null for anything else. */
export async function verifyMade(app: App, credential: MadeCredential, challenge: Buffer) {
  if (await bringsChain(credential)) return null;
  const { verifyRegistrationResponse } = await webauthn();
  const verified = await verifyRegistrationResponse({
    ...expectations(app, challenge),
    response: credential as unknown as RegistrationResponseJSON,
    requireUserVerification: false,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => null);
  return verified?.verified ? verified.registrationInfo : null;
}

/** Whether it says of what make it is, which nobody asked: to look into that would mean asking other hosts. */
async function bringsChain({ response }: MadeCredential): Promise<boolean> {
  const { decodeAttestationObject } = await import("@simplewebauthn/server/helpers");
  try {
    const bytes = Uint8Array.from(Buffer.from(response.attestationObject, "base64url"));
    return decodeAttestationObject(bytes).get("attStmt").get("x5c") !== undefined;
  } catch {
    return true;
  }
}

export type Signed = { counter: number; backedUp: boolean; amr: string[] };

/**
 * What a passkey signed, verified (WebAuthn §7.2); null for anything else. The counter is left to whoever takes it.
 *
 * @param userVerified whether the authenticator must have made sure of its owner
 */
export async function verifySigned(
  app: App,
  passkey: Passkey,
  credential: SignedCredential,
  { challenge, userVerified }: { challenge: Buffer; userVerified: boolean },
): Promise<Signed | null> {
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await verifyAuthenticationResponse({
    ...expectations(app, challenge),
    response: credential as unknown as AuthenticationResponseJSON,
    credential: {
      id: passkey.credentialId.toString("base64url"),
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: passkey.counter,
    },
    requireUserVerification: userVerified,
  }).catch(() => null);
  if (!verified?.verified) return null;
  const info = verified.authenticationInfo;
  if ((info.credentialDeviceType === "multiDevice") !== passkey.backupEligible) return null;
  return {
    counter: info.newCounter,
    backedUp: info.credentialBackedUp,
    amr: passkeyAmr(info),
  };
}

/** Whether the authenticator says that this is the person of `handle`; null where it says nothing. */
export function namesHandle({ response: { userHandle } }: SignedCredential, handle: Buffer): boolean | null {
  return userHandle ? Buffer.from(userHandle, "base64url").equals(handle) : null;
}

function expectations({ settings }: App, challenge: Buffer) {
  return {
    expectedChallenge: challenge.toString("base64url"),
    expectedOrigin: settings.APP_URL,
    expectedRPID: settings.passkeyRpId ?? "",
  };
}

function descriptor({ credentialId, transports }: Passkey) {
  return { id: credentialId.toString("base64url"), transports };
}
