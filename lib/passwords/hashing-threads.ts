import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { root } from "@/root.ts";

/** What a thread is asked: a new hash under `parameters`, or whether `password` is the hashed one. */
export type HashingTask =
  | { kind: "hash"; password: string; parameters: Record<string, number> }
  | { kind: "verify"; password: string; passwordHash: string };

type Answer = { value: unknown } | { error: unknown };

const PROGRAM = join(root, "lib/passwords/hashing-thread.js");

/**
 * Threads that everything else on the machine comes before (`hashing-thread.js`): as many as there are tasks at once,
 * each started when a task finds none idle, and kept. An idle one keeps no process from ending. A thread that dies
 * fails the task it was at, which is not tried again, and is replaced when another task needs one.
 */
export function createHashingThreads(): (task: HashingTask) => Promise<unknown> {
  const idle = new Set<Worker>();

  /** Next's bundler would look for the program itself behind a plain `new Worker`. */
  function start(): Worker {
    const thread: Worker = Reflect.construct(Worker, [PROGRAM, { env: {}, execArgv: [] }]);
    thread.on("exit", () => idle.delete(thread));
    return thread.on("error", () => {});
  }

  return async (task) => {
    const [thread = start()] = idle;
    idle.delete(thread);
    thread.ref();
    const answer = await ask(thread, task);
    thread.unref();
    idle.add(thread);
    if ("error" in answer) throw answer.error;
    return answer.value;
  };
}

function ask(thread: Worker, task: HashingTask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const die = () => reject(new Error("A thread that hashes passwords ended before it answered."));
    thread.once("exit", die).once("message", (answer: Answer) => {
      thread.off("exit", die);
      resolve(answer);
    });
    thread.postMessage(task);
  });
}
