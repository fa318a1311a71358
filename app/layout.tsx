import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { StayLoggedIn } from "@/components/frames/stay-logged-in.tsx";
import { sessionToRotate } from "@/lib/http/pages/page-principal.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Keyturn", template: "%s · Keyturn" },
  description: "Log-in that a product can host itself.",
};

/** No page is prerendered: each has a nonce of its own. */
export const dynamic = "force-dynamic";

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <noscript>
          <p className="border-b border-line bg-surface px-5 py-3 text-center text-small">
            JavaScript is switched off here. These pages can be read without it, but their forms and buttons
            need it.
          </p>
        </noscript>
        {children}
        <StayLoggedIn toRotate={await sessionToRotate()} />
      </body>
    </html>
  );
}
