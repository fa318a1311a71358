import type { Application } from "@/db/queries/applications.ts";
import { authenticateClient } from "@/lib/auth/applications/authenticate-client.ts";
import { failure } from "@/lib/contract/errors.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { type Answer, failureAnswer } from "@/lib/http/answer/respond.ts";
import { readClientCredentials } from "@/lib/http/request/client-credentials.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import type { Action } from "./route.ts";

const BASIC = { "www-authenticate": 'Basic realm="api"' };

/**
 * A call that a confidential application makes with its Basic credentials (RFC 6749 §2.3.1). A public one is refused: by
 * its `client_id` alone anybody could come. A page may read nothing of it.
 */
export function applicationRoute(handle: (application: Application, edge: Edge) => Promise<Answer>): Action {
  return {
    takes: { schema: Nothing, form: false, auth: "application" },
    async answer(edge) {
      const credentials = readClientCredentials(edge.request.headers.get("authorization"), {});
      const client = credentials && (await authenticateClient(edge, credentials));
      const answer =
        client?.kind === "authenticated" && client.application.secretHash
          ? await handle(client.application, edge)
          : {
              ...failureAnswer(failure("not_authenticated", credentials ? UNKNOWN : undefined)),
              headers: BASIC,
            };
      return { ...answer, readableBy: null };
    },
  };
}

const UNKNOWN = "Unknown client, wrong credentials, or one that keeps no secret.";
