import { register } from "@/lib/auth/register.ts";
import { RegisterRequest } from "@/lib/contract/registration.ts";
import { deliverChallenge } from "@/lib/http/deliver.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(RegisterRequest, async (input, edge) =>
    deliverChallenge(edge, () => register(edge.app, input, edge.device, edge.now)),
  ),
});
