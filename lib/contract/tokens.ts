import { z } from "zod";
import { REQUIRED, text, yesNo } from "./fields.ts";

export const LogInRequest = z.object({ email: text(), password: text(), device_token: text().optional() });
export const RefreshRequest = z.object({ refresh: text().optional() });
export const VerifyRequest = z.object({ token: text(), live: yesNo().optional() });
export const BlacklistRequest = z.object({ refresh: text() });
export const Nothing = z.object({});

/** Either everything, or one token, which must then be there. */
export const LogoutTokenRequest = z
  .object({ refresh_token: text().optional(), all: yesNo().optional() })
  .transform(({ refresh_token: token, all }, context) => {
    if (all) return { everywhere: true } as const;
    if (token !== undefined) return { everywhere: false, token } as const;
    context.addIssue({ code: "custom", path: ["refresh_token"], message: REQUIRED });
    return z.NEVER;
  });
