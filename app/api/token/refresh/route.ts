import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { RefreshRequest } from "@/lib/contract/tokens.ts";
import { deliver } from "@/lib/http/answer/deliver.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { withRefreshToken } from "@/lib/http/routes/with-refresh-token.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    RefreshRequest,
    withRefreshToken(async (presented, edge) =>
      deliver(edge, () => refreshSession(edge, { ...presented, device: edge.device }), {
        cameBy: presented.delivery,
      }),
    ),
    { form: true },
  ),
});
