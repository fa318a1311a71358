import { AddedPasskey } from "@/lib/contract/factors.ts";
import {
  AddPasskeyRequest,
  NamePasskeyRequest,
  PasskeyChallenge,
  PasskeyLogInRequest,
  PasskeyOptions,
  PublicPasskey,
} from "@/lib/contract/passkeys.ts";
import { LoggedIn } from "@/lib/contract/tokens.ts";
import { KeptChallengeRequest } from "@/lib/contract/two-factor.ts";
import { EXAMPLE, PAIR, RECOVERY_CODES } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { MADE_CREDENTIAL, PASSKEY, REQUEST_OPTIONS, SIGNED_CREDENTIAL } from "./passkey-examples.ts";

const tag = "Passkeys";
const STARTED = { challenge: EXAMPLE.challenge, options: REQUEST_OPTIONS, expires_in: 300 };

export const passkeyOperations: Operation[] = [
  {
    id: "startPasskeyLogIn",
    tag,
    method: "post",
    path: "/api/token/passkey/options",
    summary: "Begin a log-in with a passkey alone",
    description: "What `navigator.credentials.get()` is handed. It names no key, so it tells of nobody.",
    auth: "none",
    successes: [{ status: 200, says: "To be signed.", body: PasskeyChallenge, example: STARTED }],
    errors: ["passkeys_unavailable", "throttled"],
  },
  {
    id: "logInWithPasskey",
    tag,
    method: "post",
    path: "/api/token/passkey",
    summary: "Log in with a passkey alone",
    description: "Whatever is wrong with it gets one answer, and uses the challenge up.",
    auth: "none",
    request: PasskeyLogInRequest,
    delivery: "tokens",
    successes: [{ status: 200, says: "Logged in.", body: LoggedIn, example: PAIR }],
    errors: ["passkey_not_valid", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge, credential: SIGNED_CREDENTIAL } },
  },
  {
    id: "startPasskeyProof",
    tag,
    method: "post",
    path: "/api/token/two-factor/passkey",
    summary: "Answer a challenge with a passkey",
    description:
      "For the challenge of a log-in, or with its Bearer of a step-up. What the passkey signed then goes to the call that takes the answer.",
    auth: "none",
    request: KeptChallengeRequest,
    successes: [
      {
        status: 200,
        says: "To be signed.",
        body: PasskeyOptions,
        example: { options: { ...REQUEST_OPTIONS, userVerification: "preferred" } },
      },
    ],
    errors: ["challenge_not_valid", "csrf_failed"],
    example: { body: { challenge: EXAMPLE.challenge } },
  },
  {
    id: "startPasskey",
    tag,
    method: "post",
    path: "/api/passkeys/options",
    summary: "Begin to add a passkey",
    description: "What `navigator.credentials.create()` is handed. At most twenty passkeys a person.",
    auth: "log-in",
    successes: [{ status: 200, says: "To be made.", body: PasskeyChallenge, example: STARTED }],
    errors: ["recent_login_required", "passkeys_unavailable"],
  },
  {
    id: "addPasskey",
    tag,
    method: "post",
    path: "/api/passkeys",
    summary: "Add a passkey",
    description: "The first strong factor brings recovery codes.",
    auth: "log-in",
    request: AddPasskeyRequest,
    successes: [
      {
        status: 201,
        says: "It is on.",
        body: AddedPasskey,
        example: { passkey: PASSKEY, recovery_codes: RECOVERY_CODES },
      },
    ],
    errors: ["recent_login_required"],
    example: {
      body: { challenge: EXAMPLE.challenge, credential: MADE_CREDENTIAL, name: "My laptop" },
    },
  },
  {
    id: "namePasskey",
    tag,
    method: "patch",
    path: "/api/passkeys/{id}",
    summary: "Name a passkey",
    auth: "log-in",
    request: NamePasskeyRequest,
    successes: [{ status: 200, says: "Named.", body: PublicPasskey, example: PASSKEY }],
    errors: ["not_found"],
    example: { body: { name: "My laptop" } },
  },
  {
    id: "removePasskey",
    tag,
    method: "delete",
    path: "/api/passkeys/{id}",
    summary: "Remove a passkey",
    description: "Needs a recent log-in that was proven by a strong factor.",
    auth: "log-in",
    successes: [{ status: 204, says: "Removed." }],
    errors: ["recent_login_required", "not_found"],
  },
];
