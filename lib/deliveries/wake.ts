import type { Transaction } from "@/db/client.ts";
import { hasQueued } from "@/db/queries/queue-deliveries.ts";
import type { DeliveryDeps } from "./delivery-deps.ts";

type Work<Done> = (transaction: Transaction) => Promise<Done>;
type InTransaction = <Done>(work: Work<Done>) => Promise<Done>;

/** The same way to do work in one transaction; once that is committed, what it queued is sent. */
export function wakingDeliveries(deliveries: DeliveryDeps, inTransaction: InTransaction): InTransaction {
  return async <Done>(work: Work<Done>) => {
    let queued = false;
    const done = await inTransaction(async (transaction) => {
      const result = await work(transaction);
      queued = hasQueued(transaction);
      return result;
    });
    if (queued) deliveries.wake();
    return done;
  };
}
