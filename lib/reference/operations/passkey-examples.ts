import { EXAMPLE } from "./examples.ts";

const AT = "2026-03-01T12:00:00.000Z";

const CREDENTIAL = {
  id: EXAMPLE.credentialId,
  rawId: EXAMPLE.credentialId,
  type: "public-key",
  clientExtensionResults: {},
};

export const MADE_CREDENTIAL = {
  ...CREDENTIAL,
  response: { clientDataJSON: EXAMPLE.clientData, attestationObject: EXAMPLE.attestation },
};

export const SIGNED_CREDENTIAL = {
  ...CREDENTIAL,
  response: {
    clientDataJSON: EXAMPLE.clientData,
    authenticatorData: EXAMPLE.authenticatorData,
    signature: EXAMPLE.signature,
    userHandle: EXAMPLE.userHandle,
  },
};

export const PASSKEY = {
  id: EXAMPLE.id,
  name: "My laptop",
  created_at: AT,
  last_used_at: null,
  synced: true,
  provider: "Bitwarden",
};

export const REQUEST_OPTIONS = {
  challenge: "q9Rk2mVtYbXc7LpZ0sWnGhJdFeAaUiOoPyTrEwQzBnM",
  rpId: "login.example.com",
  timeout: 300_000,
  userVerification: "required",
};
