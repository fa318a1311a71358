import { startPasskey } from "@/lib/auth/factors/start-passkey.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    Nothing,
    async (_input, call) =>
      respond(await startPasskey(call), ({ challenge, options, expiresInSeconds }) => ({
        challenge,
        options,
        expires_in: expiresInSeconds,
      })),
    { beforeSetUp: true },
  ),
});
