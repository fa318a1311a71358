import { listTrustedDevices } from "@/lib/auth/trust-device.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, { app, principal, now }) =>
    respond(await listTrustedDevices(app, principal, now), ({ devices }) => ({
      results: devices,
      next: null,
    })),
  ),
});
