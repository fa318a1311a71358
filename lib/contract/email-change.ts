import { z } from "zod";
import { text } from "./fields.ts";

export const ChangeEmailRequest = z.object({ email: text(), password: text() });
export const ResendEmailChangeRequest = z.object({ challenge: text() });
export const VerifyEmailChangeRequest = z.object({ challenge: text(), code: text() });
export const UndoEmailChangeRequest = z.object({ token: text() });
