import { logOut } from "@/lib/auth/log-out.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(Nothing, async (_input, { app, bearer, device, now }) =>
    respond(await logOut(app, bearer.kind === "token" ? bearer.token : null, device, now), () => ({
      status: "OK, goodbye",
    })),
  ),
});
