import { readRevocations } from "@/lib/auth/applications/read-revocations.ts";
import { showRevocation } from "@/lib/auth/applications/show-revocation.ts";
import { RevocationsQuery } from "@/lib/contract/revocations.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { withQuery } from "@/lib/http/request/list-query.ts";
import { applicationRoute } from "@/lib/http/routes/application-route.ts";
import { methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: applicationRoute(async (_application, edge) =>
    respond(
      await withQuery(edge.query, RevocationsQuery, ({ after, wait }) =>
        readRevocations(edge, { after, waitSeconds: wait }),
      ),
      ({ revocations, next, complete }) => ({ results: revocations.map(showRevocation), next, complete }),
    ),
  ),
});
