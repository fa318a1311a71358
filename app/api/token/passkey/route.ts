import { logInWithPasskey } from "@/lib/auth/log-in/log-in-with-passkey.ts";
import { PasskeyLogInRequest } from "@/lib/contract/passkeys.ts";
import { deliver } from "@/lib/http/answer/deliver.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(PasskeyLogInRequest, async (signed, edge) =>
    deliver(edge, () => logInWithPasskey(edge, signed)),
  ),
});
