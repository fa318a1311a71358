import { deleteAccount } from "@/lib/auth/delete-account.ts";
import { renameUser } from "@/lib/auth/rename-user.ts";
import { showAccount } from "@/lib/auth/show-account.ts";
import { DeleteAccountRequest, RenameRequest } from "@/lib/contract/profile.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { withoutCookies } from "@/lib/http/deliver.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, { principal }) => ({
    status: 200,
    body: showAccount(principal),
  })),
  PATCH: loggedInRoute(RenameRequest, async ({ name }, { app, principal, device, now }) =>
    respond(await renameUser(app, principal, name, device, now), ({ user }) => user),
  ),
  DELETE: loggedInRoute(DeleteAccountRequest, async ({ password }, edge) =>
    withoutCookies(
      edge,
      respond(
        await deleteAccount(edge.app, edge.principal, password, edge.device, edge.now),
        () => undefined,
        204,
      ),
    ),
  ),
});
