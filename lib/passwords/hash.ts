import { availableParallelism } from "node:os";
import { createHashingThreads } from "./hashing-threads.ts";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane (OWASP Password Storage). */
const ARGON2ID = 2;
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const PARAMETERS_IN_HASH = "$argon2id$v=19$m=19456,t=2,p=1$";

/** The hash of nobody's password, compared where there is no account, so that it costs the same. */
const DECOY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

type Busy = { kind: "busy" };

/** How busy a hasher is, and how often it was too busy since the start. */
export type PasswordsUse = { hashing: number; waiting: number; refused: number };

export type PasswordHasher = {
  hash(password: string): Promise<{ kind: "hashed"; passwordHash: string } | Busy>;
  /** `null` compares against a decoy: the same work, never a match. */
  verify(password: string, passwordHash: string | null): Promise<{ kind: "match" | "mismatch" } | Busy>;
};

/** One hash keeps a core busy for about 20 ms and fills 19 MiB; one core stays free for everything else. */
const AT_ONCE = Math.max(1, Math.min(availableParallelism(), 4) - 1);
const WAITING_AT_MOST = 50;

/**
 * Hashes passwords in threads that everything else comes before, a bounded number at a time in a bounded queue.
 * Past the bound the answer is `busy` at once, so that a flood of log-ins slows nobody else (ASVS 15.2.2).
 */
export function createPasswordHasher({
  atOnce = AT_ONCE,
  waitingAtMost = WAITING_AT_MOST,
} = {}): PasswordHasher & { use(): PasswordsUse } {
  const askThread = createHashingThreads();
  const queue: (() => void)[] = [];
  let running = 0;
  let refused = 0;

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result | Busy> {
    if (running >= atOnce && queue.length >= waitingAtMost) {
      refused += 1;
      return { kind: "busy" };
    }
    if (running >= atOnce) await new Promise<void>((resume) => queue.push(resume));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) =>
      inTurn(async () => {
        const made = await askThread({ kind: "hash", password: normalize(password), parameters: PARAMETERS });
        return { kind: "hashed", passwordHash: String(made) } as const;
      }),
    verify: (password, passwordHash) =>
      inTurn(async () => {
        const against = passwordHash ?? DECOY_HASH;
        const same = await askThread({
          kind: "verify",
          password: normalize(password),
          passwordHash: against,
        });
        return { kind: passwordHash !== null && same === true ? "match" : "mismatch" } as const;
      }),
    use: () => ({ hashing: running, waiting: queue.length, refused }),
  };
}

/** Whether `passwordHash` was made with other parameters than today's. */
export function needsRehash(passwordHash: string): boolean {
  return !passwordHash.startsWith(PARAMETERS_IN_HASH);
}

/** NFC and nothing else: no trimming, no cutting, no case folding (NIST SP 800-63B-4 §3.1.1.2). */
function normalize(password: string): string {
  return password.normalize("NFC");
}
