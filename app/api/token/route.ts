import { logIn } from "@/lib/auth/log-in/log-in.ts";
import { LogInRequest } from "@/lib/contract/tokens.ts";
import { deliver } from "@/lib/http/answer/deliver.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    LogInRequest,
    async ({ email, password, device_token: deviceToken }, edge) =>
      deliver(edge, (client) => logIn(edge, { email, password, ...client }), {
        deviceToken,
      }),
    { form: true },
  ),
});
