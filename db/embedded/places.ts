import { join } from "node:path";

/** Where everything is kept in a data folder. */
export type Places = {
  folder: string;
  /** Owned by the account that PostgreSQL runs as: the cluster, and the socket beside it. */
  root: string;
  data: string;
  log: string;
  facts: string;
  lock: string;
};

export function placesIn(folder: string): Places {
  const root = join(folder, "postgres");
  return {
    folder,
    root,
    data: join(root, "data"),
    log: join(folder, "postgres.log"),
    facts: join(folder, "postgres.json"),
    lock: join(folder, "postgres.lock"),
  };
}
