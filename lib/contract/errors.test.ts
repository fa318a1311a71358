import { describe, expect, it } from "vitest";
import { bearerNotValid, errors, failure, tokenNotValid } from "./errors.ts";

describe("every error code", () => {
  it.each(
    Object.entries(errors),
  )("%s has a status of its kind and a sentence that gives nothing away", (code, error) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.status).toBeLessThan(600);
    expect(error.detail).toMatch(/^[A-Z].*[^ ]$/);
    expect(error.detail).not.toMatch(/undefined|null|select|stack|sql/i);
  });

  it("those of the contract have its statuses", () => {
    const contract = {
      parse_error: 400,
      not_authenticated: 401,
      no_active_account: 401,
      token_not_valid: 401,
      code_not_valid: 401,
      challenge_not_valid: 401,
      recent_login_required: 401,
      two_factor_required: 403,
      csrf_failed: 403,
      permission_denied: 403,
      not_found: 404,
      method_not_allowed: 405,
      throttled: 429,
      server_error: 500,
      unavailable: 503,
    };
    const statuses = Object.fromEntries(Object.entries(errors).map(([code, { status }]) => [code, status]));
    expect(statuses).toMatchObject(contract);
  });

  it("the sentences clients know from SimpleJWT are its own, to the letter", () => {
    expect(errors.no_active_account.detail).toBe("No active account found with the given credentials");
    expect(errors.not_authenticated.detail).toBe("Authentication credentials were not provided.");
    expect(errors.permission_denied.detail).toBe("You do not have permission to perform this action.");
    expect(tokenNotValid("invalid")).toEqual({
      kind: "failure",
      code: "token_not_valid",
      detail: "Token is invalid",
    });
    expect(tokenNotValid("wrong-type").detail).toBe("Token has wrong type");
    expect(tokenNotValid("expired").detail).toBe("Token is expired");
    expect(tokenNotValid("blacklisted", "rotated")).toEqual({
      kind: "failure",
      code: "token_not_valid",
      detail: "Token is blacklisted",
      extra: { reason: "rotated" },
    });
    expect(bearerNotValid("invalid")).toEqual({
      kind: "failure",
      code: "token_not_valid",
      detail: "Given token not valid for any token type",
      extra: {
        messages: [{ token_class: "AccessToken", token_type: "access", message: "Token is invalid" }],
      },
    });
  });

  it("a failure holds nothing that was not given", () => {
    expect(Object.keys(failure("not_found"))).toEqual(["kind", "code"]);
    expect(Object.keys(failure("not_found", "Gone."))).toEqual(["kind", "code", "detail"]);
  });
});

it("a program whose cookies are refused is told which header to send", () => {
  expect(errors.csrf_failed.detail).toContain("sends an Origin header with the address of Keyturn");
});
