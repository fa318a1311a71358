import { z } from "zod";
import { PublicUser } from "./account.ts";
import { REQUIRED, text, token, yesNo } from "./fields.ts";
import { SENTENCES } from "./sentences.ts";

export const LogInRequest = z.object({
  email: text().refine((value) => value.trim() !== "", { error: SENTENCES.blank }),
  password: text(),
  device_token: text().describe("Of a device that was trusted: the log-in asks for no code.").optional(),
});
export const RefreshRequest = z.object({
  refresh: token().describe("By cookie delivery: left out.").optional(),
});
export const VerifyRequest = z.object({
  token: token(),
  live: yesNo().describe("Ask the session of an access token too.").optional(),
});
export const BlacklistRequest = z.object({ refresh: token() });
export const Nothing = z.object({});

/** Either everything, or one token, which must then be there. */
export const LogoutTokenRequest = z
  .object({
    refresh_token: token().describe("Required unless `all` is true.").optional(),
    all: yesNo().describe("Every session of the caller, this one too.").optional(),
  })
  .transform(({ refresh_token: token, all }, context) => {
    if (all) return { everywhere: true } as const;
    if (token !== undefined) return { everywhere: false, token } as const;
    context.addIssue({ code: "custom", path: ["refresh_token"], message: REQUIRED });
    return z.NEVER;
  });

export const TokenPair = z.object({
  access: z.string().describe("Sent as `Authorization: Bearer …`; lives for minutes."),
  refresh: z.string().describe("Good for exactly one refresh; lives for days."),
});

/** A pair, and what lets a device that was trusted skip the code next time. */
export const LoggedIn = TokenPair.extend({
  device_token: z.string().describe("Only where the device is trusted.").optional(),
});

/** What a client learns whose tokens are cookies. */
export const LoggedInByCookie = z.object({
  user: PublicUser,
  session: z.object({
    id: z.uuid(),
    expires_at: z.iso.datetime().describe("When it ends unless it is refreshed before."),
  }),
});
