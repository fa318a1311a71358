import type { ReactNode } from "react";
import type { Site } from "../messages.ts";
import { styleSheet, styles } from "./theme.ts";
import { hostOf } from "./words.ts";

type LayoutProps = {
  title: string;
  site: Site;
  /** Why this mail came, where that is not the security of the reader's account. */
  why?: string;
  children: ReactNode;
};

/**
 * What every mail looks like: one card on a quiet ground, at most 560 px wide, light and dark. Tables, because some
 * mail programs lay out nothing else. Nothing is loaded from anywhere, so nobody learns that a mail was opened.
 */
export function Layout({ title, site, why, children }: LayoutProps) {
  const reason = why ?? `It concerns the security of your account at ${hostOf(site)}.`;
  return (
    <html lang="en">
      {/* biome-ignore lint/style/noHeadElement: a mail is no page of Next */}
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>{title}</title>
        <style>{styleSheet}</style>
      </head>
      <body className="ground" style={styles.ground}>
        <Cell width="100%" className="ground outer" style={{ padding: "36px 16px" }}>
          <table
            role="presentation"
            align="center"
            cellPadding={0}
            cellSpacing={0}
            style={styles.page}
            width={560}
          >
            <tbody>
              <tr data-skip-in-text="true">
                <td className="quiet" style={styles.brand}>
                  <span className="mark" style={styles.mark} />
                  Keyturn · {hostOf(site)}
                </td>
              </tr>
              <tr>
                <td className="card" style={styles.card}>
                  <h1 className="strong" style={styles.heading}>
                    {title}
                  </h1>
                  {children}
                </td>
              </tr>
              <tr>
                <td style={styles.footer}>
                  <p className="quiet" style={styles.footnote}>
                    Keyturn sent you this mail. {reason}
                  </p>
                </td>
              </tr>
            </tbody>
          </table>
        </Cell>
      </body>
    </html>
  );
}

type CellProps = {
  children: ReactNode;
  className: string;
  style: React.CSSProperties;
  width?: string;
};

/** A box, as mail programs understand one: a table of one cell. */
export function Cell({ children, className, style, width }: CellProps) {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} width={width ?? "100%"} border={0}>
      <tbody>
        <tr>
          <td className={className} style={style}>
            {children}
          </td>
        </tr>
      </tbody>
    </table>
  );
}
