import { startPasskeyProof } from "@/lib/auth/factors/start-passkey-proof.ts";
import { KeptChallengeRequest } from "@/lib/contract/two-factor.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { callerOf } from "@/lib/http/routes/caller-of.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { withChallenge } from "@/lib/http/routes/with-challenge.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    KeptChallengeRequest,
    withChallenge(async (challenge, _input, edge) => {
      const caller = await callerOf(edge);
      const sessionId = caller.kind === "authenticated" ? caller.principal.session.id : null;
      const outcome = await startPasskeyProof(edge, { secret: challenge, sessionId });
      const refused = outcome.kind === "failure" && caller.kind === "failure" ? caller : outcome;
      return respond(refused, ({ options }) => ({ options }));
    }),
  ),
});
