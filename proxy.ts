import type { NextRequest } from "next/server";
import { renderPage } from "@/lib/http/pages/render-page.ts";

/**
 * Runs before a page renders: gives it its Content-Security-Policy and, where the access cookie has run out, a fresh
 * one. It guards nothing: every page, verb and handler obtains its own principal.
 */
export function proxy(request: NextRequest) {
  return renderPage(request);
}

export const config = {
  matcher: [
    "/((?!api/|api$|_next/static|oauth/|(?:\\.well-known/(?:jwks\\.json|security\\.txt|change-password|openid-configuration|oauth-authorization-server)|continue|logout_token|icon\\.svg|robots\\.txt)/?$).*)",
  ],
};
