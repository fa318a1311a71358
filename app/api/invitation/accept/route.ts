import { acceptInvitation } from "@/lib/auth/accept-invitation.ts";
import { AcceptInvitationRequest } from "@/lib/contract/registration.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(AcceptInvitationRequest, async (input, { app, device, now }) =>
    respond(await acceptInvitation(app, input, device, now), () => ({
      status: "Your password is set. You can log in.",
    })),
  ),
});
