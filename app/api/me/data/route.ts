import { downloadData } from "@/lib/auth/account/download-data.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

const AS_FILE = { "content-disposition": 'attachment; filename="keyturn-data.json"' };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, call) => {
    const answer = respond(await downloadData(call), ({ data }) => data);
    return answer.status === 200 ? { ...answer, headers: AS_FILE } : answer;
  }),
});
