import type { Executor } from "./client.ts";

/** A statement that is built once per pool or transaction, so that every later call only binds its parameters. */
export function prepared<Statement>(build: (db: Executor) => Statement): (db: Executor) => Statement {
  const statements = new WeakMap<Executor, Statement>();
  return (db) => {
    const known = statements.get(db);
    if (known) return known;
    const statement = build(db);
    statements.set(db, statement);
    return statement;
  };
}
