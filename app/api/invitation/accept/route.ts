import { acceptInvitation } from "@/lib/auth/registration/accept-invitation.ts";
import { AcceptInvitationRequest } from "@/lib/contract/registration.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(AcceptInvitationRequest, async (input, call) =>
    respond(await acceptInvitation(call, input), () => ({
      status: "Your password is set. You can log in.",
    })),
  ),
});
