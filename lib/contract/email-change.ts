import { z } from "zod";
import { linkToken, namedChallenge, text, typedCode } from "./fields.ts";

export const ChangeEmailRequest = z.object({ email: text().describe("The new one."), password: text() });
export const ResendEmailChangeRequest = z.object({ challenge: namedChallenge });
export const VerifyEmailChangeRequest = z.object({ challenge: namedChallenge, code: typedCode });
export const UndoEmailChangeRequest = z.object({ token: linkToken });
