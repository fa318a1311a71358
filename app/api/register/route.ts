import { register } from "@/lib/auth/registration/register.ts";
import { RegisterRequest } from "@/lib/contract/registration.ts";
import { deliverChallenge } from "@/lib/http/answer/deliver.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(RegisterRequest, async (input, edge) => deliverChallenge(edge, () => register(edge, input))),
});
