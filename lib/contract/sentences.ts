/** DRF's sentences for a field that does not fit, apart from the schemas: a page can say them without shipping zod. */
export const SENTENCES = {
  null: "This field may not be null.",
  blank: "This field may not be blank.",
  notText: "Not a valid string.",
  notBoolean: "Must be a valid boolean.",
  nullCharacter: "Null characters are not allowed.",
  surrogate: "Surrogate characters are not allowed.",
} as const;
