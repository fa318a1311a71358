// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { HOMEWARD } from "@/lib/contract/onward.ts";
import { LoginForm } from "./login-form.tsx";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Fills a field in as some password managers do: without an event that anybody could hear. */
function fillUnheard(label: string, text: string) {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  setter?.call(screen.getByLabelText(label), text);
}

it("sends what its fields hold, also where nothing told it that they were filled in", async () => {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)));
    return new Response(JSON.stringify({ detail: "No.", code: "no_active_account" }), {
      status: 401,
      headers: { "content-type": "application/json" },
    });
  });
  render(<LoginForm onward={HOMEWARD} />);
  fillUnheard("E-mail address", "ada@example.com");
  fillUnheard("Password", "correct horse battery");
  fireEvent.click(screen.getByRole("button", { name: "Log in" }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent).toEqual([{ email: "ada@example.com", password: "correct horse battery" }]);
});
