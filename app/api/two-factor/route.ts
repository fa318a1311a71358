import { showTwoFactor } from "@/lib/auth/factors/show-two-factor.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, call) => ({ status: 200, body: await showTwoFactor(call) }), {
    beforeSetUp: true,
  }),
});
