import {
  ConfirmedTotp,
  ConfirmTotpRequest,
  NewRecoveryCodes,
  ShownTwoFactor,
  StartedTotp,
} from "@/lib/contract/factors.ts";
import { EXAMPLE, RECOVERY_CODES, STRONG } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { PASSKEY } from "./passkey-examples.ts";

const tag = "Strong factors";

export const strongFactorOperations: Operation[] = [
  {
    id: "showTwoFactor",
    tag,
    method: "get",
    path: "/api/two-factor",
    summary: "What a log-in asks for",
    auth: "log-in",
    successes: [
      {
        status: 200,
        says: "What is on.",
        body: ShownTwoFactor,
        example: { ...STRONG, required: false, passkeys_list: [PASSKEY] },
      },
    ],
  },
  {
    id: "startTotp",
    tag,
    method: "post",
    path: "/api/two-factor/totp",
    summary: "Set up an authenticator app",
    description: "It counts from its first right code on; an app that is in use stays so until then.",
    auth: "log-in",
    successes: [
      {
        status: 201,
        says: "The secret, shown this once.",
        body: StartedTotp,
        example: {
          secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
          uri: "otpauth://totp/Keyturn:ada%40example.com?issuer=Keyturn&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30",
        },
      },
    ],
    errors: ["recent_login_required"],
  },
  {
    id: "confirmTotp",
    tag,
    method: "post",
    path: "/api/two-factor/totp/confirm",
    summary: "Confirm it with its first code",
    description:
      "From then on a log-in asks for the app and never again for a mailed code. The first strong factor brings recovery codes.",
    auth: "log-in",
    request: ConfirmTotpRequest,
    successes: [
      {
        status: 200,
        says: "It is on.",
        body: ConfirmedTotp,
        example: {
          two_factor: { ...STRONG, passkeys: 0 },
          recovery_codes: RECOVERY_CODES,
        },
      },
    ],
    errors: ["recent_login_required", "throttled"],
    example: { body: { code: EXAMPLE.code } },
  },
  {
    id: "removeTotp",
    tag,
    method: "delete",
    path: "/api/two-factor/totp",
    summary: "Remove the authenticator app",
    description: "Needs a recent log-in that was proven by a strong factor.",
    auth: "log-in",
    successes: [{ status: 204, says: "Removed." }],
    errors: ["recent_login_required"],
  },
  {
    id: "replaceRecoveryCodes",
    tag,
    method: "post",
    path: "/api/two-factor/recovery-codes",
    summary: "Make new recovery codes",
    description: "Ten of them, each good once. Older ones are void.",
    auth: "log-in",
    successes: [
      {
        status: 200,
        says: "The codes, shown this once.",
        body: NewRecoveryCodes,
        example: { recovery_codes: RECOVERY_CODES },
      },
    ],
    errors: ["recent_login_required", "no_strong_factor"],
  },
];
