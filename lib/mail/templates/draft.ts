import type { Draft, Message, Site } from "../messages.ts";
import { accountExists, addressChanged, addressRestored, passwordChanged, twoStepOff } from "./account.tsx";
import { accountDeleted } from "./account-deleted.tsx";
import { codesClosed, deviceCopied, newDevice, tokenReused } from "./alerts.tsx";
import { codeMail } from "./code.tsx";
import { factorsChanged, recoveryCodeUsed } from "./factors.tsx";
import { invitation, resetLink } from "./links.tsx";
import { testMail } from "./test-mail.tsx";

/** The template of each kind of message, filled in. */
export function draft(message: Message, site: Site): Draft {
  switch (message.kind) {
    case "code":
      return codeMail(message, site);
    case "new-device":
      return newDevice(message, site);
    case "token-reused":
      return tokenReused(message, site);
    case "device-copied":
      return deviceCopied(message, site);
    case "codes-closed":
      return codesClosed(message, site);
    case "password-changed":
      return passwordChanged(message, site);
    case "two-step-off":
      return twoStepOff(message, site);
    case "factors-changed":
      return factorsChanged(message, site);
    case "recovery-code-used":
      return recoveryCodeUsed(message, site);
    case "address-changed":
      return addressChanged(message, site);
    case "address-restored":
      return addressRestored(message, site);
    case "account-deleted":
      return accountDeleted(message, site);
    case "reset-link":
      return resetLink(message, site);
    case "account-exists":
      return accountExists(site);
    case "invitation":
      return invitation(message, site);
    case "test":
      return testMail(site);
  }
}
