import { refreshSession } from "@/lib/auth/refresh-session.ts";
import { RefreshRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { withRetryKey } from "@/lib/http/retry-key.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    RefreshRequest,
    withRetryKey(async ({ refresh }, { app, device, now }, retryKey) =>
      respond(
        await refreshSession(app, { token: refresh, delivery: "json", retryKey, device }, now),
        ({ tokens }) => tokens,
      ),
    ),
    { form: true },
  ),
});
