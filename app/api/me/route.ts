import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { renameUser } from "@/lib/auth/account/rename-user.ts";
import { showAccount } from "@/lib/auth/sessions/show-account.ts";
import { DeleteAccountRequest, RenameRequest } from "@/lib/contract/profile.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { withoutCookies } from "@/lib/http/answer/deliver.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, { principal }) => ({
    status: 200,
    body: showAccount(principal),
    headers: { "x-user-id": principal.user.id },
  })),
  PATCH: loggedInRoute(RenameRequest, async ({ name }, call) =>
    respond(await renameUser(call, name), ({ user }) => user),
  ),
  DELETE: loggedInRoute(DeleteAccountRequest, async ({ password }, edge) =>
    withoutCookies(
      edge,
      respond(await deleteAccount(edge, password), () => undefined, 204),
    ),
  ),
});
