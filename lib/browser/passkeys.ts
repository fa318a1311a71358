import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { MadeCredential, SignedCredential } from "@/lib/contract/passkeys.ts";

/** What a call for passkeys hands a browser. */
export type Options = Record<string, unknown>;

/** What came of asking a person for their passkey; `given-up` where they, or the browser, broke it off. */
export type Asked<Credential> =
  | { kind: "done"; credential: Credential }
  | { kind: "given-up" }
  | { kind: "known" };

/** Loaded when a passkey is first asked for: pages that nobody uses one on don't pay for it. */
const webauthn = () => import("@simplewebauthn/browser");

/** Whether this browser knows passkeys at all. */
export function knowsPasskeys(): boolean {
  return typeof window !== "undefined" && window.PublicKeyCredential !== undefined;
}

/** Asks for a passkey of this site. One question is open at a time: an older one is broken off. */
export async function signWithPasskey(options: Options): Promise<Asked<SignedCredential>> {
  const { startAuthentication } = await webauthn();
  return settle(() =>
    startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON }),
  );
}

/**
 * Offers this site's passkeys among what the browser fills into the address field, until one is chosen or a question of
 * another kind comes. Where the browser can't, it asks nothing.
 */
export async function offerPasskeys(ask: () => Promise<Options | null>): Promise<Asked<SignedCredential>> {
  const { browserSupportsWebAuthnAutofill, startAuthentication } = await webauthn();
  const options = (await browserSupportsWebAuthnAutofill()) ? await ask() : null;
  if (!options) return { kind: "given-up" };
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return settle(() =>
    startAuthentication({ optionsJSON, useBrowserAutofill: true, verifyBrowserAutofillInput: false }),
  );
}

/** Has a passkey made; `known` where this device has one of this account already. */
export async function makePasskey(options: Options): Promise<Asked<MadeCredential>> {
  const { startRegistration } = await webauthn();
  return settle(() =>
    startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON }),
  );
}

/** What authenticators may know of a person and their passkeys. */
export type Keychain = {
  rpId: string;
  userHandle: string;
  credentialIds: string[];
  name: string;
  displayName: string;
};

/** Tells this browser which passkeys still count and whose they are, where it has ears for it (WebAuthn §5.1.10). */
export async function tellAuthenticators(keychain: Keychain): Promise<void> {
  const { rpId: rpID, userHandle: userID, credentialIds, name, displayName } = keychain;
  const listens = window.PublicKeyCredential as { signalAllAcceptedCredentials?: unknown } | undefined;
  if (!listens?.signalAllAcceptedCredentials) return;
  const { sendSignal } = await webauthn();
  const accepted = { rpID, userID, allAcceptedCredentialIDs: credentialIds };
  const details = { rpID, userID, userName: name, userDisplayName: displayName };
  await sendSignal({ signalName: "allAcceptedCredentials", ...accepted }).catch(() => {});
  await sendSignal({ signalName: "currentUserDetails", ...details }).catch(() => {});
}

/** The library throws for whatever is no passkey, most often because a person thought better of it. */
async function settle<Credential>(ask: () => Promise<unknown>): Promise<Asked<Credential>> {
  try {
    return { kind: "done", credential: (await ask()) as Credential };
  } catch (error) {
    const { code } = error as { code?: string };
    return { kind: code === "ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED" ? "known" : "given-up" };
  }
}
