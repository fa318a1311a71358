import { logIn } from "@/lib/auth/log-in.ts";
import { LogInRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    LogInRequest,
    async (input, { app, device, now }) =>
      respond(await logIn(app, input, device, now), ({ tokens }) => tokens),
    { form: true },
  ),
});
