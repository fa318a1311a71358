import { downloadData } from "@/lib/auth/download-data.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

const AS_FILE = { "content-disposition": 'attachment; filename="keyturn-data.json"' };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, { app, principal, device, now }) => {
    const answer = respond(await downloadData(app, principal, device, now), ({ data }) => data);
    return answer.status === 200 ? { ...answer, headers: AS_FILE } : answer;
  }),
});
