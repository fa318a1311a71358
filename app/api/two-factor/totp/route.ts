import { removeTotp } from "@/lib/auth/factors/remove-totp.ts";
import { startTotp } from "@/lib/auth/factors/start-totp.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

const beforeSetUp = true;

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    Nothing,
    async (_input, call) => respond(await startTotp(call), ({ secret, uri }) => ({ secret, uri }), 201),
    { beforeSetUp },
  ),
  DELETE: loggedInRoute(
    Nothing,
    async (_input, call) => respond(await removeTotp(call), () => undefined, 204),
    { beforeSetUp },
  ),
});
