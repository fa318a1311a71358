import { PublicUser } from "../account.ts";
import { USER } from "./examples.ts";
import type { Operation } from "./operation.ts";

export const accountOperations: Operation[] = [
  {
    id: "showAccount",
    tag: "Account",
    method: "get",
    path: "/api/me",
    summary: "Who is logged in",
    auth: "log-in",
    successes: [{ status: 200, says: "The caller.", body: PublicUser, example: USER }],
  },
];
