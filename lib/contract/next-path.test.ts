import { describe, expect, it } from "vitest";
import { safeNextPath, wayBack } from "./next-path.ts";

const HOME = "/account/sessions";

describe("leads to", () => {
  it.each([
    "/account",
    "/account/",
    "/admin/sessions/",
    "/admin/users/11111111-1111-4111-8111-111111111111",
    "/admin/sessions?state=outstanding&user=ada%40example.com",
    "/admin/sessions?user=ada@example.com",
    "/admin/sessions/?state=outstanding",
    "/admin/sessions?ip=192.0.2.0%2F24",
    "/admin/sessions?ip=2001%3Adb8%3A%3A%2F32",
    "/admin/events?from=2026-11-01T09%3A00%3A00%2B01%3A00&to=",
    "/admin/users?search=Zo%C3%AB+Z&is_active=true",
    "/docs?x=1",
  ])("%s", (next) => {
    expect(safeNextPath(next)).toBe(next);
  });
});

describe("does not lead to", () => {
  it.each([
    ["a page that leads on", "/login?next=//evil.example"],
    ["the log-in, twice", "/login?next=/login?next=//evil.example"],
    ["the registration", "/register?x=1"],
    ["another next", "/account?next=/admin"],
    ["another next, encoded", "/account?next=%2F%2Fevil.example"],
    ["another next, by an encoded name", "/account?n%65xt=x"],
    ["two queries", "/account?x=1?y=2"],
    ["an empty query", "/account?"],
    ["an open slash", "/account/sessions?x=//evil.example"],
    ["an encoded slash", "/account/sessions?x=%2F%2Fevil.example"],
    ["an encoded path", "/account/sessions?x=%2fadmin"],
    ["a slash of no network", "/account/sessions?x=192.0.2.0%2Fevil"],
    ["an encoded slash in the path", "/account%2Fsessions"],
    ["a slash encoded twice, in the path", "/account/%252Fevil.example"],
    ["a backslash", "/account?x=\\evil.example"],
    ["an encoded backslash", "/account?x=%5C%5Cevil.example"],
    ["a line feed", "/account?x=\r\nset-cookie: a=b"],
    ["an encoded line feed", "/account?x=%0d%0aset-cookie:a"],
    ["an encoded NUL", "/account?x=%00"],
    ["an encoded tab in the name", "/account?%09x=1"],
    ["an encoded DEL", "/account?x=%7F"],
    ["a mark that turns the writing round", "/account?x=%E2%80%AE"],
    ["broken UTF-8", "/account?x=%ff%fe"],
    ["a broken encoding", "/account?x=%zz"],
    ["a space", "/account?x= y"],
    ["markup", "/account?x=<script>"],
    ["a fragment", "/account?x=1#y"],
    ["a name of other characters", "/account?__proto__[x]=1"],
    ["a name in capitals", "/account?NEXT=x"],
    ["the API", "/api/me?x=1"],
    ["the API, by dots", "/account/..?x=/api"],
    ["two slashes at the end", "/account//"],
    ["a slash at the start", "//account?x=1"],
    ["another host", "//evil.example/account?x=1"],
    ["a scheme", "javascript:alert(1)?x=1"],
    ["the start page", "/?x=1"],
    ["a line after the path", "/account\n"],
    ["too much", `/account?x=${"y".repeat(1_000)}`],
    ["two of them", ["/account", "/account"]],
    ["nothing", undefined],
  ])("%s: %j", (_, next) => {
    expect(safeNextPath(next)).toBe(HOME);
  });
});

describe("the way back", () => {
  it.each([
    ["state=outstanding&user=&ip=192.0.2.0/24", "/admin/sessions?state=outstanding&ip=192.0.2.0%2F24"],
    ["", "/admin/sessions"],
    ["user=", "/admin/sessions"],
    ["user=%2F%2Fevil.example", "/admin/sessions"],
    ["next=%2Fapi", "/admin/sessions"],
    [`user=${"é".repeat(400)}`, "/admin/sessions"],
  ])("of %j is %s, where a log-in leads", (query, back) => {
    expect(wayBack("/admin/sessions", new URLSearchParams(query))).toBe(back);
    expect(safeNextPath(back)).toBe(back);
  });
});
