import { startStepUp, stepUpWithPassword, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import { StepUpRequest } from "@/lib/contract/two-factor.ts";
import { deliver } from "@/lib/http/answer/deliver.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    StepUpRequest,
    async (proof, edge) => {
      const { credentials } = edge;
      const cameBy = credentials.kind === "token" && credentials.from === "cookie" ? "cookie" : "json";
      switch (proof.by) {
        case "nothing-yet":
          return respond(await startStepUp(edge), ({ challenge }) => challenge, 202);
        case "password":
          return deliver(edge, () => stepUpWithPassword(edge, proof.password), { cameBy });
        case "proof":
          return deliver(edge, () => stepUpWithProof(edge, proof), { cameBy });
      }
    },
    { beforeSetUp: true },
  ),
});
