import { expect, it } from "vitest";
import { findCode, readTypedCode } from "./typed-code.ts";

it.each([
  "123456",
  " 123 456\n",
  "123-456",
  "123\u2013456",
  "\u200b123\u200e456\u2060",
  "12\u00ad34\ufeff56",
  "\uff11\uff12\uff13\uff14\uff15\uff16",
])("%j is the code 123456, however it was pasted", (typed) => {
  expect(readTypedCode(typed)).toBe("123456");
});

it.each([
  "",
  "12345",
  "1234567",
  "12345a",
  "\u0661\u0662\u0663\u0664\u0665\u0666",
  "123456.",
  "code 123456",
])("%j is none", (typed) => {
  expect(readTypedCode(typed)).toBeNull();
});

it.each([
  "Your code is 123456.",
  "code:\n\n123456\n\nIt works for 10 minutes.",
  "\uff11\uff12\uff13\uff14\uff15\uff16 \u3067\u3059",
])("in %j the code is found", (text) => {
  expect(findCode(text)).toBe("123456");
});

it.each([
  "",
  "no digits",
  "12345",
  "1234567",
  "123456 or 654321",
  "order 123-456",
])("in %j there is none", (text) => {
  expect(findCode(text)).toBeNull();
});
