// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answers, stubAnswers } from "@/lib/testing/browser-answers.ts";
import { ConfirmButton } from "./confirm-button.tsx";

const refresh = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ refresh }) }));

let answers: Answers;
beforeEach(() => {
  answers = stubAnswers();
  window.location.hash = "";
});
afterEach(() => {
  cleanup();
  refresh.mockClear();
  vi.unstubAllGlobals();
});

const ask = {
  label: "Log out",
  description: "Log out Safari on iOS",
  title: "Log out Safari on iOS?",
  text: "This can't be undone.",
  busy: "Logging out …",
  method: "DELETE",
  path: "/api/sessions/1",
} as const;

const trigger = () => screen.getByRole("button", { name: "Log out Safari on iOS", hidden: true });
const dialog = () => screen.getByRole("alertdialog", { name: "Log out Safari on iOS?" });
const inDialog = (name: string) => within(dialog()).getByRole("button", { name });

async function open(leaveTo?: string) {
  const user = userEvent.setup();
  render(<ConfirmButton {...ask} {...(leaveTo && { leaveTo })} />);
  await user.click(trigger());
  return user;
}

/** It can't be pressed, and keeps the focus. */
function expectBusy() {
  expect(inDialog("Logging out …")).toHaveAttribute("aria-disabled", "true");
  expect(inDialog("Logging out …")).toHaveFocus();
}

async function expectClosed() {
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
}

describe("before it acts", () => {
  it("asks, says what will happen, and has the focus on the way back", async () => {
    await open();
    expect(dialog()).toHaveAccessibleDescription("This can't be undone.");
    expect(inDialog("Cancel")).toHaveFocus();
    expect(answers.made).toEqual([]);
  });

  it.each(["Cancel", "Escape"])("%s does nothing and gives the focus back", async (way) => {
    const user = await open();
    if (way === "Cancel") await user.click(inDialog("Cancel"));
    else await user.keyboard("{Escape}");
    await expectClosed();
    expect(trigger()).toHaveFocus();
    expect(answers.made).toEqual([]);
    expect(refresh).not.toHaveBeenCalled();
  });
});

describe("when it acts", () => {
  it("says that it is under way, and can't be asked twice", async () => {
    const user = await open();
    await user.click(inDialog("Log out"));
    expectBusy();
    await user.click(inDialog("Logging out …"));
    await user.keyboard("{Enter}");
    expect(answers.made).toEqual([{ call: "DELETE /api/sessions/1", body: undefined }]);
  });

  it("closes and shows the page anew", async () => {
    const user = await open();
    answers.next({ status: 204 });
    await user.click(inDialog("Log out"));
    await expectClosed();
    expect(refresh).toHaveBeenCalledOnce();
    expect(trigger()).toHaveFocus();
  });

  it.each(["h1", "h2"] as const)("leaves the focus with the %s of the list it is taken from", async (Tag) => {
    const page = (item: boolean) => (
      <>
        <h1>Your account</h1>
        <Tag>Your devices</Tag>
        <ul>
          {item && (
            <li>
              <h2>Safari on iOS</h2>
              <ConfirmButton {...ask} />
            </li>
          )}
        </ul>
        <h2>Trusted devices</h2>
      </>
    );
    const user = userEvent.setup();
    const { rerender } = render(page(true));
    await user.click(trigger());
    answers.next({ status: 204 });
    await user.click(inDialog("Log out"));
    await expectClosed();
    await waitFor(() => expect(trigger()).toHaveFocus());
    rerender(page(false));
    expect(screen.getByRole("heading", { name: "Your devices" })).toHaveFocus();
  });

  it("leaves the page where that is asked for, and stays busy until it is gone", async () => {
    const user = await open("#login");
    answers.next({ status: 200, body: {} });
    await user.click(inDialog("Log out"));
    await waitFor(() => expect(window.location.hash).toBe("#login"));
    expectBusy();
    expect(refresh).not.toHaveBeenCalled();
  });

  it("closes over a device that is gone already", async () => {
    const user = await open();
    answers.next({ status: 404, body: { code: "not_found", detail: "Not found." } });
    await user.click(inDialog("Log out"));
    await expectClosed();
    expect(refresh).toHaveBeenCalledOnce();
  });

  it("says what went wrong, and works the next time", async () => {
    const user = await open();
    answers.next("no network", { status: 204 });
    await user.click(inDialog("Log out"));
    await waitFor(() =>
      expect(within(dialog()).getByRole("alert")).toHaveTextContent("Keyturn can't be reached."),
    );
    expect(refresh).not.toHaveBeenCalled();
    await user.click(inDialog("Log out"));
    await expectClosed();
    expect(refresh).toHaveBeenCalledOnce();
  });
});
