import { forgetTrustedDevice } from "@/lib/auth/devices/trust-device.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  DELETE: loggedInRoute(Nothing, async (_input, call) =>
    respond(await forgetTrustedDevice(call, call.id), () => undefined, 204),
  ),
});
