import { describe, expect, it } from "vitest";
import { epochSeconds, instant } from "@/lib/base/clock.ts";
import { checkClaims, type Expectations } from "./claims.ts";

const NOW = instant("2026-03-01T12:00:00.000Z");
const now = epochSeconds(NOW);
const USER = "0199c5a0-1111-7000-8000-000000000001";
const SESSION = "0199c5a0-2222-7000-8000-000000000002";
const plain: Expectations = { userIdClaim: "user_id", audience: [], leewaySeconds: 0 };

const access = {
  token_type: "access",
  jti: "x".repeat(32),
  iat: now,
  exp: now + 1_800,
  user_id: USER,
  sub: USER,
  sid: SESSION,
  auth_time: now,
  amr: ["pwd"],
};
const refresh = { ...access, token_type: "refresh", gen: 3 };

const check = (change: Record<string, unknown>, expectations: Partial<Expectations> = {}) =>
  checkClaims({ ...access, ...change }, "access", { ...plain, ...expectations }, NOW);
const without = (name: string, from: Record<string, unknown> = access) =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));

const INVALID = { kind: "invalid" };
const WRONG_TYPE = { kind: "wrong-type" };

describe("1. not the shape, issuer or audience we require, or not valid yet", () => {
  it.each(["user_id", "sid"])("invalid without %s", (name) => {
    expect(checkClaims(without(name), "access", plain, NOW)).toEqual(INVALID);
  });

  it.each([
    [
      "exp",
      [null, "", String(now + 60), `${now}`, true, [now + 60], {}, now + 0.5, Number.MAX_VALUE, 2 ** 60],
    ],
    ["iat", [null, String(now), true, [now], -1, now + 0.5, 1e300]],
    ["nbf", [null, String(now), true, [now], -1, now + 0.5]],
    ["jti", [null, "", 1, {}, ["x"], "x".repeat(256)]],
    [
      "sid",
      [
        null,
        "",
        1,
        "x",
        `${SESSION} `,
        `{${SESSION}}`,
        SESSION.replaceAll("-", ""),
        `${SESSION}' or '1`,
        [SESSION],
      ],
    ],
    ["user_id", [null, 1, {}, [USER], true]],
    ["sub", ["", "x", USER.toUpperCase().replace("C", "c"), 1, {}, [USER]]],
    ["iss", [null, 1, ["x"]]],
    ["aud", [null, 1, {}, [1], ["x", null]]],
  ])("invalid where %s has another shape", (name, values) => {
    for (const value of values) expect(check({ [name]: value })).toEqual(INVALID);
  });

  it("invalid from a host whose clock runs ahead by more than a minute", () => {
    expect(check({ iat: now + 60 }).kind).toBe("valid");
    expect(check({ iat: now + 61 })).toEqual(INVALID);
    expect(check({ iat: now + 10 * 365 * 86_400 })).toEqual(INVALID);
    expect(check({ iat: now + 90 }, { leewaySeconds: 30 }).kind).toBe("valid");
    expect(check({ iat: now + 91 }, { leewaySeconds: 30 })).toEqual(INVALID);
  });

  it("invalid before nbf, but for the leeway", () => {
    expect(check({ nbf: now }).kind).toBe("valid");
    expect(check({ nbf: now + 1 })).toEqual(INVALID);
    expect(check({ nbf: now + 30 }, { leewaySeconds: 30 }).kind).toBe("valid");
    expect(check({ nbf: now + 31 }, { leewaySeconds: 30 })).toEqual(INVALID);
  });

  it.each([
    ["the same", "https://id.example", "valid"],
    ["none", undefined, "invalid"],
    ["another", "https://evil.example", "invalid"],
    ["another case", "https://ID.example", "invalid"],
    ["a slash more", "https://id.example/", "invalid"],
    ["a prefix", "https://id", "invalid"],
    ["a list", ["https://id.example"], "invalid"],
    ["an empty one", "", "invalid"],
  ])("issuer: %s", (_, iss, kind) => {
    expect(check({ iss }, { issuer: "https://id.example" }).kind).toBe(kind);
  });

  it("an issuer that nobody asked for is no fault", () => {
    expect(check({ iss: "https://elsewhere.example" }).kind).toBe("valid");
  });

  it.each([
    ["the one", "api", ["api"], "valid"],
    ["one of ours", "web", ["api", "web"], "valid"],
    ["a list with ours", ["other", "api"], ["api"], "valid"],
    ["a list with one of ours", ["x", "web"], ["api", "web"], "valid"],
    ["none", undefined, ["api"], "invalid"],
    ["an empty list", [], ["api"], "invalid"],
    ["an empty text", "", ["api"], "invalid"],
    ["another", "other", ["api"], "invalid"],
    ["another case", "API", ["api"], "invalid"],
    ["a prefix", "ap", ["api"], "invalid"],
    ["a longer one", "api2", ["api"], "invalid"],
    ["ours in one text", "api web", ["api", "web"], "invalid"],
    ["ours with a comma", "api,web", ["api", "web"], "invalid"],
    ["a list in a list", [["api"]], ["api"], "invalid"],
    ["a list with something else in it", ["api", 1], ["api"], "invalid"],
    ["any, where none is expected", "other", [], "valid"],
  ])("audience: %s", (_, aud, audience, kind) => {
    expect(check({ aud }, { audience }).kind).toBe(kind);
  });

  it("reads the person from USER_ID_CLAIM, and from no other claim", () => {
    const { user_id: _, ...rest } = access;
    const named = { ...rest, uid: USER };
    const checked = checkClaims(named, "access", { ...plain, userIdClaim: "uid" }, NOW);
    expect(checked).toMatchObject({ kind: "valid", claims: { userId: USER } });
    expect(checkClaims(access, "access", { ...plain, userIdClaim: "uid" }, NOW)).toEqual(INVALID);
    for (const claim of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(checkClaims(access, "access", { ...plain, userIdClaim: claim }, NOW)).toEqual(INVALID);
    }
  });

  it("takes a token without sub, as SimpleJWT makes them, and never one whose sub is another's", () => {
    expect(checkClaims(without("sub"), "access", plain, NOW).kind).toBe("valid");
    expect(check({ sub: "0199c5a0-1111-7000-8000-000000000009" })).toEqual(INVALID);
  });

  it("an expired token that has another fault is invalid, so that nothing is ended over it", () => {
    expect(check({ exp: now - 1, iss: "x" }, { issuer: "y" })).toEqual(INVALID);
    expect(check({ exp: now - 1, sid: "x" })).toEqual(INVALID);
  });
});

describe("2. without an end, an id or a type", () => {
  it.each([
    ["exp", "no-end"],
    ["jti", "no-id"],
    ["token_type", "no-type"],
  ])("says that %s is missing", (name, kind) => {
    expect(checkClaims(without(name), "access", plain, NOW)).toEqual({ kind });
  });
});

describe("3. past exp", () => {
  it("expired for an end before time began", () => {
    expect(check({ exp: -1 }).kind).toBe("expired");
  });

  it("expired at the very second, valid a second before", () => {
    expect(check({ exp: now + 1 }).kind).toBe("valid");
    expect(check({ exp: now }).kind).toBe("expired");
    expect(check({ exp: 0 }).kind).toBe("expired");
  });

  it("counts whole seconds: at 0.999 of the last one it is still valid", () => {
    const late = instant("2026-03-01T12:00:00.999Z");
    expect(checkClaims({ ...access, exp: now + 1 }, "access", plain, late).kind).toBe("valid");
  });

  it("leaves the leeway", () => {
    expect(check({ exp: now - 29 }, { leewaySeconds: 30 }).kind).toBe("valid");
    expect(check({ exp: now - 30 }, { leewaySeconds: 30 }).kind).toBe("expired");
  });

  it("says whose it was, for a log-out with it", () => {
    expect(check({ exp: now - 1 })).toEqual({
      kind: "expired",
      claims: {
        tokenType: "access",
        jti: access.jti,
        expiresAtSeconds: now - 1,
        issuedAtSeconds: access.iat,
        userId: USER,
        sessionId: SESSION,
        generation: undefined,
        applicationId: null,
      },
    });
  });
});

describe("4. another type", () => {
  it.each([null, 1, ["access"], {}])("refuses the type %j", (type) => {
    expect(check({ token_type: type })).toEqual(WRONG_TYPE);
  });

  it("no token opens another's door", () => {
    expect(checkClaims(refresh, "access", plain, NOW)).toEqual(WRONG_TYPE);
    expect(checkClaims(access, "refresh", plain, NOW)).toEqual(WRONG_TYPE);
  });

  it.each([
    "",
    "Access",
    "ACCESS",
    "access ",
    "sliding",
    "challenge",
    "reset",
    "device",
    "undo",
    "id",
    "constructor",
  ])("%j is none of ours, at any door", (tokenType) => {
    for (const door of ["access", "refresh"] as const) {
      expect(checkClaims({ ...access, token_type: tokenType }, door, plain, NOW)).toEqual(WRONG_TYPE);
    }
  });
});

describe("5. valid", () => {
  it("says exactly what the token says", () => {
    const claims = {
      tokenType: "refresh",
      jti: refresh.jti,
      expiresAtSeconds: refresh.exp,
      issuedAtSeconds: refresh.iat,
      userId: USER,
      sessionId: SESSION,
      generation: 3,
      applicationId: null,
    };
    expect(checkClaims(refresh, "refresh", plain, NOW)).toEqual({ kind: "valid", claims });
  });

  it("a generation that is no whole number counts as none", () => {
    for (const gen of [undefined, null, "3", 1.5, [3], {}, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(checkClaims({ ...refresh, gen }, "refresh", plain, NOW)).toMatchObject({
        kind: "valid",
        claims: { generation: undefined },
      });
    }
  });

  it("claims of others beside ours are no fault", () => {
    expect(check({ email: "a@example.com", role: "admin", scope: "*" })).toEqual(check({}));
  });

  it("iat may be missing, as RFC 7519 lets it", () => {
    expect(checkClaims(without("iat"), "access", plain, NOW).kind).toBe("valid");
  });
});
