import { addApplication } from "@/lib/auth/admin/add-application.ts";
import { listApplications } from "@/lib/auth/admin/list-applications.ts";
import { AddApplicationRequest } from "@/lib/contract/applications.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) => respond(await listApplications(call), ({ page }) => page)),
  POST: adminRoute(AddApplicationRequest, async (asked, call) =>
    respond(await addApplication(call, asked), ({ application }) => application, 201),
  ),
});
