// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useForm } from "react-hook-form";
import { afterEach, expect, it, vi } from "vitest";
import type { Called } from "@/lib/browser/call.ts";
import { useApiForm } from "./use-api-form.ts";

const onDone = vi.fn();
afterEach(cleanup);

function Form({ outcome }: { outcome: Called<string> }) {
  const form = useForm({ defaultValues: { email: "ada@example.com", password: "x" } });
  const { errors, problem, submit } = useApiForm(form, { send: async () => outcome, onDone });
  return (
    <form onSubmit={submit}>
      <input aria-label="email" {...form.register("email")} />
      <input aria-label="password" {...form.register("password")} />
      <output>{[errors.email?.message, errors.password?.message, problem].join("|")}</output>
      <button type="submit">Send</button>
    </form>
  );
}

async function send(outcome: Called<string>) {
  render(<Form outcome={outcome} />);
  await userEvent.click(screen.getByRole("button"));
  return screen.getByRole("status").textContent;
}

it("is done with what was answered to what was typed", async () => {
  expect(await send({ kind: "ok", body: "made" })).toBe("||");
  expect(onDone).toHaveBeenCalledExactlyOnceWith("made", { email: "ada@example.com", password: "x" });
});

it("says what is wrong beside each field, and the first has the focus; the rest is a problem", async () => {
  const fields = { token: ["Used."], password: ["Short.", "Common."], email: ["Taken."] };
  expect(await send({ kind: "fields", fields })).toBe("Taken.|Short. Common.|Used.");
  expect(document.activeElement).toBe(screen.getByLabelText("email"));
});

it("says what else went wrong as it is", async () => {
  const outcome = { kind: "failed", code: "offline", detail: "No connection.", facts: {} } as const;
  expect(await send(outcome)).toBe("||No connection.");
});
