import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { hashSync, verifySync } from "@node-rs/argon2";

/**
 * A thread that hashes, one password after the other. Plain JavaScript, so that it starts as it stands under
 * `npm run dev`, under tests and in production.
 *
 * On Linux a thread has a priority of its own, and 0 names the one that asks. Whatever else wakes up has the core at
 * once, and of a machine that is busy throughout a tenth is left to log-ins (docs/decisions/0022). Elsewhere a priority
 * is the whole process's, and stays as it is, as where a sandbox forbids to change it: log-ins work in any case.
 */
const NICENESS = 10;
if (process.platform === "linux") standBack();

parentPort.on("message", (task) => parentPort.postMessage(answer(task)));

function standBack() {
  try {
    setPriority(0, NICENESS);
  } catch {}
}

function answer({ kind, password, passwordHash, parameters }) {
  try {
    return { value: kind === "hash" ? hashSync(password, parameters) : verifySync(passwordHash, password) };
  } catch (error) {
    return { error };
  }
}
