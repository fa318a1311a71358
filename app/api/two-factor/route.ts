import { showAccount } from "@/lib/auth/show-account.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, { principal }) => ({
    status: 200,
    body: showAccount(principal).two_factor,
  })),
});
