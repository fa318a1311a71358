import { Nothing } from "@/lib/contract/tokens.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

/** Where a password manager sends its people (W3C, A Well-Known URL for Changing Passwords). */
const PAGE = "/account/security";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async () => ({ status: 302, body: undefined, headers: { location: PAGE } })),
});
