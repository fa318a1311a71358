import type { ReactNode } from "react";
import { Cell } from "./layout.tsx";
import { styles } from "./theme.ts";
import { oneLine } from "./words.ts";

export function Paragraph({ children }: { children: ReactNode }) {
  return (
    <p className="strong" style={styles.paragraph}>
      {children}
    </p>
  );
}

/** What few need, below a rule. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <>
      <hr className="rule" style={styles.rule} data-skip-in-text="true" />
      <div className="quiet" style={styles.note}>
        {children}
      </div>
    </>
  );
}

/** A code, large, and in the text alone on its line. The gaps are drawn: what is copied has none. */
export function Code({ children }: { children: string }) {
  return (
    <div style={styles.block}>
      <Cell className="soft strong" style={styles.code}>
        {children}
      </Cell>
    </div>
  );
}

/** Names and what they are, those that are known. */
export function Facts({ facts }: { facts: Record<string, string | null> }) {
  return (
    <div style={styles.block}>
      <Cell className="soft" style={styles.facts}>
        {Object.entries(facts).map(
          ([name, value]) =>
            value !== null && (
              <div key={name} className="strong" style={styles.fact}>
                <span className="quiet" style={styles.factName}>
                  {name}:
                </span>{" "}
                {oneLine(value)}
              </div>
            ),
        )}
      </Cell>
    </div>
  );
}

/** The one thing to do: a button, and its address for whom the button fails. */
export function Action({ href, children }: { href: string; children: string }) {
  return (
    <div style={styles.block}>
      <a className="action button" href={href} style={styles.button}>
        {children}
      </a>
      <div className="quiet" style={{ ...styles.address, paddingTop: 14 }} data-skip-in-text="true">
        If the button does nothing, open this address:
        <br />
        <a className="quiet" href={href} style={styles.addressLink}>
          {href}
        </a>
      </div>
    </div>
  );
}

/** Something to do besides: a plain link. */
export function SideAction({ href, children }: { href: string; children: string }) {
  return (
    <div style={{ paddingTop: 8 }}>
      <a className="action link" href={href} style={styles.link}>
        {children}
      </a>
    </div>
  );
}
