import { describe, expect, it } from "vitest";
import { respond, textAnswer } from "./respond.ts";
import { toResponse, toWire } from "./to-response.ts";

const request = { method: "GET", url: "/", headers: { get: () => null }, body: null };

describe("an answer on the wire", () => {
  it("that is text goes out as it is, under its own media type, in both lanes", async () => {
    const wire = toWire(undefined, request, "request-1", textAnswer("a;é\n", "text/csv; charset=utf-8"));
    expect(wire).toMatchObject({ status: 200, text: "a;é\n" });
    expect(wire.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "cache-control": "no-store",
      "x-request-id": "request-1",
    });
    const response = toResponse(wire);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(await response.text()).toBe("a;é\n");
  });

  it("that is empty text is still text", () => {
    const wire = toWire(undefined, request, "request-1", textAnswer(""));
    expect(wire.text).toBe("");
    expect(wire.headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  it("is JSON otherwise, and nothing without a body", () => {
    const json = toWire(
      undefined,
      request,
      "request-1",
      respond({ kind: "done" }, () => ({ status: "ok" })),
    );
    expect(json).toMatchObject({ text: '{"status":"ok"}', headers: { "content-type": "application/json" } });
    const nothing = toWire(undefined, request, "request-1", { status: 204, body: undefined });
    expect(nothing.text).toBeNull();
    expect(nothing.headers).not.toHaveProperty("content-type");
  });
});
