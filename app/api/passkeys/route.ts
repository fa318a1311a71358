import { addPasskey } from "@/lib/auth/factors/add-passkey.ts";
import { AddPasskeyRequest } from "@/lib/contract/passkeys.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    AddPasskeyRequest,
    async (made, call) =>
      respond(
        await addPasskey(call, made),
        ({ passkey, recoveryCodes }) => ({
          passkey,
          ...(recoveryCodes && { recovery_codes: recoveryCodes }),
        }),
        201,
      ),
    { beforeSetUp: true },
  ),
});
