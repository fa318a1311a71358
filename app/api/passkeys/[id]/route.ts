import { namePasskey } from "@/lib/auth/factors/name-passkey.ts";
import { removePasskey } from "@/lib/auth/factors/remove-passkey.ts";
import { NamePasskeyRequest } from "@/lib/contract/passkeys.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

const beforeSetUp = true;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PATCH: loggedInRoute(
    NamePasskeyRequest,
    async ({ name }, call) =>
      respond(await namePasskey(call, { id: call.id, name }), ({ passkey }) => passkey),
    { beforeSetUp },
  ),
  DELETE: loggedInRoute(
    Nothing,
    async (_input, call) => respond(await removePasskey(call, call.id), () => undefined, 204),
    { beforeSetUp },
  ),
});
