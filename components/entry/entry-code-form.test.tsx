// @vitest-environment jsdom
import "@testing-library/jest-dom/vitest";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { secondsAfter, systemClock } from "@/lib/base/clock.ts";
import { type Answers, stubAnswers } from "@/lib/testing/browser-answers.ts";
import { EntryCodeForm } from "./entry-code-form.tsx";

const WRONG = { status: 401, body: { code: "code_not_valid", detail: "no", attempts_left: 4 } };

let answers: Answers;
beforeEach(() => {
  answers = stubAnswers();
  window.location.hash = "";
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ONWARD = { query: "", done: "#devices" };

function open(resendIn = 0) {
  render(<EntryCodeForm purpose="log-in" methods={["email"]} onward={ONWARD} resendIn={resendIn} />);
  return { field: screen.getByLabelText("Code"), user: userEvent.setup() };
}

describe("a code", () => {
  it("is sent when its sixth digit is typed, once, and leads on", async () => {
    const { field, user } = open();
    answers.next({ status: 200, body: {} });
    await user.type(field, "12345");
    expect(answers.made).toEqual([]);
    await user.type(field, "6");
    await waitFor(() => expect(window.location.hash).toBe("#devices"));
    expect(answers.made).toEqual([
      { call: "POST /api/token/two-factor", body: { code: "123456", trust_device: false } },
    ]);
    expect(screen.getByRole("button", { name: "Checking …" })).toHaveAttribute("aria-disabled", "true");
    await user.keyboard("{Enter}");
    await user.click(screen.getByRole("button", { name: "Checking …" }));
    expect(answers.made).toHaveLength(1);
  });

  it.each(["123 456", " 123456 ", "12-34-56", "123–456"])("is sent when %j is pasted", async (pasted) => {
    const { field, user } = open();
    await user.click(field);
    await user.paste(pasted);
    expect(answers.made).toEqual([
      { call: "POST /api/token/two-factor", body: { code: pasted, trust_device: false } },
    ]);
  });

  it("is found in a pasted sentence", async () => {
    const { field, user } = open();
    await user.click(field);
    await user.paste("Your code is 123456. It works for 10 minutes.");
    expect(field).toHaveValue("123456");
    expect(answers.made).toMatchObject([{ body: { code: "123456" } }]);
  });

  it("is not chosen among two in a pasted text", async () => {
    const { field, user } = open();
    await user.click(field);
    await user.paste("123456 or 654321");
    expect(answers.made).toEqual([]);
  });

  it("says that the device is to be trusted, where that was asked for", async () => {
    const { field, user } = open();
    await user.click(screen.getByLabelText("Trust this device for 30 days"));
    await user.type(field, "123456");
    expect(answers.made).toEqual([
      { call: "POST /api/token/two-factor", body: { code: "123456", trust_device: true } },
    ]);
  });

  it("that registers has its own call and asks nothing about trust", async () => {
    render(<EntryCodeForm purpose="register" methods={["email"]} onward={ONWARD} resendIn={0} />);
    expect(screen.queryByLabelText(/Trust/)).toBeNull();
    await userEvent.type(screen.getByLabelText("Code"), "123456");
    expect(answers.made).toMatchObject([{ call: "POST /api/register/verify" }]);
  });
});

describe("what came of it stands beside the field, which has the focus again", () => {
  it.each([
    ["a wrong code", WRONG, "That code is not right. 4 tries are left.", ""],
    [
      "the last but one",
      { status: 401, body: { ...WRONG.body, attempts_left: 1 } },
      "That code is not right. One try is left.",
      "",
    ],
    [
      "too many tries",
      { status: 429, body: { code: "throttled", detail: "x" }, headers: { "retry-after": "840" } },
      "Too many tries. Try again in 14 minutes.",
      "123 456",
    ],
    [
      "a code that is refused as none",
      { status: 400, body: { code: ["This code is not valid."] } },
      "Enter the six digits from the e-mail.",
      "123 456",
    ],
    [
      "no network",
      "no network" as const,
      "Keyturn can't be reached. Check your connection and try again.",
      "123 456",
    ],
  ])("%s", async (_what, answer, sentence, kept) => {
    const { field, user } = open();
    answers.next(answer);
    await user.type(field, "123 456");
    await waitFor(() => expect(field).toHaveAccessibleDescription(sentence));
    expect(field).toBeInvalid();
    expect(field).toHaveValue(kept);
    expect(field).toHaveFocus();
    expect(screen.getByRole("button", { name: "Log in" })).toBeEnabled();
    expect(window.location.hash).toBe("");
  });

  it.each([
    "",
    "12345",
    "12a 456",
  ])("and where %j is typed, nothing is sent and nothing is lost", async (typed) => {
    const { field, user } = open();
    await user.type(field, `${typed}{Enter}`);
    expect(field).toHaveAccessibleDescription("Enter the six digits from the e-mail.");
    expect(field).toHaveValue(typed);
    expect(field).toHaveFocus();
    expect(answers.made).toEqual([]);
  });

  it("and is gone with the next try", async () => {
    const { field, user } = open();
    answers.next(WRONG);
    await user.type(field, "123456");
    await waitFor(() => expect(field).toBeInvalid());
    await user.type(field, "654321");
    expect(field).toBeValid();
    expect(answers.made).toHaveLength(2);
  });
});

describe("another mail", () => {
  const button = () => screen.getByRole("button", { name: /^Send again/ });
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

  it("can be asked for when the countdown has ended, which then starts anew", async () => {
    vi.useFakeTimers();
    open(2);
    expect(button()).toHaveTextContent("Send again in 2 s");
    expect(button()).toBeDisabled();
    await pass(1000);
    expect(button()).toHaveTextContent("Send again in 1 s");
    await pass(1000);
    expect(button()).toBeEnabled();
    answers.next({ status: 200, body: { expires_in: 600, resend_in: 60 } });
    fireEvent.click(button());
    await pass(0);
    expect(answers.made).toEqual([{ call: "POST /api/token/two-factor/resend", body: {} }]);
    expect(screen.getByRole("status")).toHaveTextContent("A new code is on its way.");
    expect(screen.getByRole("status")).toHaveFocus();
    expect(button()).toHaveTextContent("Send again in 60 s");
    expect(button()).toBeDisabled();
  });

  it("can be asked for as soon as a phone that slept through the countdown wakes", async () => {
    vi.useFakeTimers();
    open(60);
    vi.setSystemTime(secondsAfter(systemClock.now(), 45));
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    expect(button()).toHaveTextContent("Send again in 15 s");
    vi.setSystemTime(secondsAfter(systemClock.now(), 45));
    act(() => void document.dispatchEvent(new Event("visibilitychange")));
    expect(button()).toBeEnabled();
  });

  it("that was asked for too often says how long to wait", async () => {
    const { user } = open();
    answers.next({ status: 429, body: { code: "throttled", detail: "x" }, headers: { "retry-after": "30" } });
    await user.click(button());
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("Try again in a minute."));
    expect(button()).toBeEnabled();
  });
});
