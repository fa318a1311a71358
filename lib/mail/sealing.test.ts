import { describe, expect, it } from "vitest";
import { deriveKey, open, seal } from "@/lib/base/crypto.ts";

const key = deriveKey("a secret of this test, long enough to be one", "outbox");

describe("a sealed text", () => {
  it("opens to what was sealed, whatever it holds", () => {
    for (const text of ["", "042917", "é 😀\0\r\n", "x".repeat(100_000)]) {
      expect(open(key, seal(key, text, "row 1"), "row 1")).toBe(text);
    }
  });

  it("differs each time and shows nothing of the text", () => {
    const sealed = [seal(key, "code 042917", "row 1"), seal(key, "code 042917", "row 1")];
    expect(sealed[0]).not.toEqual(sealed[1]);
    for (const bytes of sealed) expect(bytes.toString("latin1")).not.toContain("042917");
  });

  it("doesn't open in another row", () => {
    expect(open(key, seal(key, "code", "row 1"), "row 2")).toBeNull();
  });

  it("doesn't open under another key, nor under one of another purpose", () => {
    const sealed = seal(key, "code", "row 1");
    expect(open(deriveKey("another secret, also long enough for it", "outbox"), sealed, "row 1")).toBeNull();
    expect(
      open(deriveKey("a secret of this test, long enough to be one", "code"), sealed, "row 1"),
    ).toBeNull();
  });

  it("doesn't open when any byte was changed, or when it was cut short", () => {
    const sealed = seal(key, "code", "row 1");
    for (const [index] of sealed.entries()) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(open(key, changed, "row 1")).toBeNull();
      expect(open(key, sealed.subarray(0, index), "row 1")).toBeNull();
    }
  });
});
