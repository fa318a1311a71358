import { accountOperations } from "./account.ts";
import { adminApplicationOperations } from "./admin-applications.ts";
import { adminDeliveryOperations } from "./admin-deliveries.ts";
import { adminPeopleOperations } from "./admin-people.ts";
import { adminSessionOperations } from "./admin-sessions.ts";
import { emailOperations } from "./email.ts";
import type { Operation } from "./operation.ts";
import { passkeyOperations } from "./passkeys.ts";
import { passwordOperations } from "./password.ts";
import { registrationOperations } from "./registration.ts";
import { serviceOperations } from "./services.ts";
import { sessionOperations } from "./sessions.ts";
import { strongFactorOperations } from "./strong-factors.ts";
import { tokenOperations } from "./tokens.ts";
import { twoFactorOperations } from "./two-factor.ts";

/** Every call of the API, in the order to be read. A test holds the list against the routes, both ways. */
export const operations: readonly Operation[] = [
  ...tokenOperations,
  ...twoFactorOperations,
  ...strongFactorOperations,
  ...passkeyOperations,
  ...registrationOperations,
  ...sessionOperations,
  ...accountOperations,
  ...passwordOperations,
  ...emailOperations,
  ...adminPeopleOperations,
  ...adminSessionOperations,
  ...adminApplicationOperations,
  ...adminDeliveryOperations,
  ...serviceOperations,
];
