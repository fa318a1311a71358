import { startStepUp, stepUpWithCode, stepUpWithPassword } from "@/lib/auth/step-up.ts";
import { StepUpRequest } from "@/lib/contract/two-factor.ts";
import { deliver } from "@/lib/http/deliver.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(StepUpRequest, async (proof, edge) => {
    const { app, principal, device, now } = edge;
    const cameBy =
      edge.credentials.kind === "token" && edge.credentials.from === "cookie" ? "cookie" : "json";
    switch (proof.by) {
      case "nothing-yet":
        return respond(await startStepUp(app, principal, device, now), ({ challenge }) => challenge, 202);
      case "password":
        return deliver(edge, () => stepUpWithPassword(app, principal, proof.password, device, now), {
          cameBy,
        });
      case "code":
        return deliver(edge, () => stepUpWithCode(app, principal, proof, device, now), { cameBy });
    }
  }),
});
