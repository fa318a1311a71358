import { removeFactorsOf } from "@/lib/auth/admin/remove-factors.ts";
import { RequiredReason } from "@/lib/contract/admin.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(RequiredReason, async ({ reason: why }, call) =>
    respond(await removeFactorsOf(call, { userId: call.id, why }), ({ removed }) => ({ removed })),
  ),
});
