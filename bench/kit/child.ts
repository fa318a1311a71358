import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** A baseline in a process of its own, which answers one message at a time. */
export type Child<Message, Reply> = {
  pid: number;
  ask(message: Message): Promise<Reply>;
  stop(): Promise<void>;
};

/** Starts a file of `bench/baseline`. */
export function startBaseline<Message extends object, Reply>(file: string): Child<Message, Reply> {
  const child = fork(join(root, "bench/baseline", file), { cwd: root, execArgv: ["--import", "tsx"] });
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | null = null;
  child.on("message", (reply) => waiting?.resolve(reply as Reply));
  child.on("exit", (code) => waiting?.reject(new Error(`${file} ended (${code})`)));
  return {
    pid: child.pid ?? 0,
    ask: (message) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        child.send(message);
      }),
    async stop() {
      if (!child.connected) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** In the child: answers each message of the bench, until the bench goes away. */
export function answerBench<Message, Reply>(answer: (message: Message) => Promise<Reply>): void {
  process.on("message", (message) => {
    answer(message as Message).then(
      (reply) => process.send?.(reply),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on("disconnect", () => process.exit(0));
}
