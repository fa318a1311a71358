import { z } from "zod";
import { SENTENCES } from "./sentences.ts";

export const REQUIRED = "This field is required.";

/** What is wrong with a field, said first of what is not there. */
export const absent = (wrong: string) => (issue: { input?: unknown }) => {
  if (issue.input === undefined) return REQUIRED;
  return issue.input === null ? SENTENCES.null : wrong;
};

/** No text is longer than a whole body. */
const MAX_LENGTH = 65_536;

/** A text that must be there, exactly as sent: nothing is trimmed or converted. */
export function text({ maxLength = MAX_LENGTH, blank = false } = {}) {
  return z
    .string({ error: absent(SENTENCES.notText) })
    .refine((value) => blank || value !== "", { error: SENTENCES.blank, abort: true })
    .refine((value) => value.length <= maxLength, {
      error: `Ensure this field has no more than ${maxLength} characters.`,
      abort: true,
    })
    .refine((value) => !value.includes("\0"), { error: SENTENCES.nullCharacter, abort: true })
    .refine((value) => value.isWellFormed(), { error: SENTENCES.surrogate })
    .meta({
      wire: {
        type: "string",
        ...(!blank && { minLength: 1 }),
        ...(maxLength < MAX_LENGTH && { maxLength }),
      },
    });
}

/** Characters that end a line, steer a terminal, or turn the text around them the other way. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A name that people read, without the white space round it. */
export function visibleName(bounds: { maxLength: number; blank?: boolean }) {
  return text(bounds)
    .refine((name) => !UNSEEN.test(name), { error: "Control characters are not allowed." })
    .transform((name) => name.trim());
}

/** A token as it is pasted or read from a file: white space round it is none of it. */
export const token = () =>
  text()
    .transform((value) => value.trim())
    .refine((value) => value !== "", { error: SENTENCES.blank });

const TRUE = new Set<unknown>([true, 1, "1", "true", "True", "TRUE", "t", "T", "yes", "Yes", "y", "Y", "on"]);
const FALSE = new Set<unknown>([
  false,
  0,
  "0",
  "false",
  "False",
  "FALSE",
  "f",
  "F",
  "no",
  "No",
  "n",
  "N",
  "off",
]);

/** A yes or no in any of DRF's spellings, described as the boolean that generated clients are to send. */
export function yesNo() {
  return z
    .unknown()
    .transform((value, context) => {
      if (TRUE.has(value)) return true;
      if (FALSE.has(value)) return false;
      context.addIssue({ code: "custom", message: absent(SENTENCES.notBoolean)({ input: value }) });
      return z.NEVER;
    })
    .meta({ wire: { type: "boolean", description: "DRF's other spellings of a yes or no are taken too." } });
}

/** The secret of a link in a mail. */
export const linkToken = text().describe("What stands behind `token=` in the mailed link.");

/** What waits for a code. */
export const namedChallenge = text().describe("As the call that asked for the code named it.");

/** The same where a cookie may hold it. */
export const keptChallenge = text()
  .describe("As the call that asked for the code named it. By cookie delivery: left out.")
  .optional();

/** A code as it is typed. */
export const typedCode = text().describe("Six digits; spaces and dashes don't count.");

/** A code of any factor as it is typed. */
export const factorCode = text().describe(
  "Six digits, or the sixteen characters of a recovery code; spaces and dashes don't count.",
);

/**
 * What a schema with rules or conversions of its own looks like on the wire, for the API's description
 * (lib/reference/openapi): in `meta`, since JSON Schema can't tell it from the code.
 */
declare module "zod" {
  interface GlobalMeta {
    wire?: Record<string, unknown>;
  }
}
