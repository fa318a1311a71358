import { confirmTotp } from "@/lib/auth/factors/confirm-totp.ts";
import { ConfirmTotpRequest } from "@/lib/contract/factors.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    ConfirmTotpRequest,
    async ({ code }, call) =>
      respond(await confirmTotp(call, code), ({ twoFactor, recoveryCodes }) => ({
        two_factor: twoFactor,
        ...(recoveryCodes && { recovery_codes: recoveryCodes }),
      })),
    { beforeSetUp: true },
  ),
});
