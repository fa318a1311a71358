import { sha256 } from "@/lib/base/crypto.ts";
import type { Answer } from "./respond.ts";

const SENTENCES = {
  client: "The application that sent you here is not known. Go back to it, and tell whoever runs it.",
  address:
    "The application that sent you here asked to get you back at an address that it did not register. Go back to it, and tell whoever runs it.",
};

const STYLE = `
:root{color-scheme:light dark;--ground:#f7f8f8;--ink:#17201f;--quiet:#4b5856}
@media(prefers-color-scheme:dark){:root{--ground:#111716;--ink:#e9efee;--quiet:#a9b5b3}}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.6 system-ui,sans-serif}
main{max-width:28rem;margin:0 auto;padding:4rem 1.5rem}
h1{margin:0 0 1rem;font-size:1.75rem;line-height:1.25;letter-spacing:-.01em}
p{margin:0;color:var(--quiet)}`;

const POLICY = `default-src 'none'; style-src 'sha256-${sha256(STYLE).toString("base64")}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/**
 * A page of our own where a browser can be sent nowhere (RFC 6749 §4.1.2.1). It stands by itself, without scripts, and
 * repeats nothing of what it was asked with.
 */
export function refusedPage(why: keyof typeof SENTENCES): Answer {
  const content = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This log-in can't go on</title>
<style>${STYLE}</style>
<main>
<h1>This log-in can't go on</h1>
<p>${SENTENCES[why]}</p>
</main>
</html>
`;
  return {
    status: 400,
    body: undefined,
    text: { content, contentType: "text/html; charset=utf-8" },
    headers: { "content-security-policy": POLICY },
  };
}
