import { startPasskeyLogIn } from "@/lib/auth/log-in/start-passkey-log-in.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(Nothing, async (_input, edge) =>
    respond(await startPasskeyLogIn(edge), ({ challenge, options, expiresInSeconds }) => ({
      challenge,
      options,
      expires_in: expiresInSeconds,
    })),
  ),
});
