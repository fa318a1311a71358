import type { Sql, TransactionSql } from "postgres";

/** Sent, and neither answered nor refused in time, as on a connection that went dead: whether it was done is unknown. */
class NoAnswer extends Error {
  readonly code = "CONNECTION_SILENT";
}

/** How much later than a statement's time limit its answer may come. */
const MARGIN_MS = 2_000;
const OWN_LIMIT = /^set local statement_timeout = '(\d+)s'$/;

/** How long to wait for the answer to a statement that the server ends after `limitMs`; without limit, for ever. */
export type Patience = { limitMs: number | null };

/** Waits for what was sent; throws `NoAnswer` when nothing has come back by the time that anything must have. */
export function answered<Result>({ limitMs }: Patience, sent: PromiseLike<Result>): Promise<Result> {
  if (limitMs === null) return Promise.resolve(sent);
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new NoAnswer("The database did not answer; the connection counts as dead."));
    const late = setTimeout(giveUp, limitMs + MARGIN_MS);
    const settled = () => clearTimeout(late);
    sent.then(resolve, reject).then(settled, settled);
  });
}

/**
 * A transaction that is over for its caller as soon as a statement of it, `begin` and `commit` too, has stayed without
 * an answer: its roll-back would get none either. One that sets itself another time limit has as much patience.
 */
export function beginPatiently<Result>(
  client: Sql,
  patience: Patience,
  work: (transaction: TransactionSql) => Promise<Result>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let own = patience;
    const expect = <Answer>(sent: PromiseLike<Answer>) => {
      const answer = answered(own, sent);
      answer.catch((error: unknown) => error instanceof NoAnswer && reject(error));
      return answer;
    };
    const patient = (transaction: TransactionSql) => {
      const unsafe = (...args: Parameters<Sql["unsafe"]>) => {
        const [, seconds] = OWN_LIMIT.exec(args[0]) ?? [];
        if (seconds && own.limitMs !== null) own = { limitMs: Number(seconds) * 1_000 };
        return {
          values: () => expect(transaction.unsafe(...args).values()),
          // biome-ignore lint/suspicious/noThenProperty: like what it stands for, it is sent when it is awaited
          then: (...settle: [never]) => expect(transaction.unsafe(...args)).then(...settle),
        };
      };
      const savepoint = (...args: [never]) => expect(transaction.savepoint(...args));
      const tagged = (...args: [never]) => transaction(...args);
      return Object.assign(tagged as unknown as TransactionSql, transaction, { unsafe, savepoint });
    };
    let begun = () => {};
    const beginning = new Promise<void>((started) => {
      begun = started;
    });
    const ended = client
      .begin(async (transaction) => {
        begun();
        const result = await work(patient(transaction));
        expect(ended);
        return result;
      })
      .then(resolve, reject);
    expect(Promise.race([beginning, ended]));
  });
}
