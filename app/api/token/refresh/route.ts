import { refreshSession } from "@/lib/auth/refresh-session.ts";
import { RefreshRequest } from "@/lib/contract/tokens.ts";
import { deliver } from "@/lib/http/deliver.ts";
import { withRefreshToken } from "@/lib/http/refresh-token.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    RefreshRequest,
    withRefreshToken(async (presented, edge) =>
      deliver(edge, () => refreshSession(edge.app, { ...presented, device: edge.device }, edge.now), {
        cameBy: presented.delivery,
      }),
    ),
    { form: true },
  ),
});
