import { listDeliveries } from "@/lib/auth/admin/list-deliveries.ts";
import { sendDeliveriesAgain } from "@/lib/auth/admin/send-deliveries-again.ts";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    respond(await listDeliveries(call, call.id), ({ page }) => page),
  ),
  POST: adminRoute(AdminActRequest, async ({ reason: why }, call) =>
    respond(await sendDeliveriesAgain(call, { clientId: call.id, why }), ({ count }) => ({
      sent_again: count,
    })),
  ),
});
