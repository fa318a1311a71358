import { replaceWebhookSecret } from "@/lib/auth/admin/replace-webhook-secret.ts";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(AdminActRequest, async ({ reason: why }, call) =>
    respond(await replaceWebhookSecret(call, { clientId: call.id, why }), ({ application }) => application),
  ),
});
