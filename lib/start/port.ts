import { once } from "node:events";
import { createServer } from "node:net";

/** Why nothing can listen on `port` now, in a line that says what to do; null when something can. */
export async function findPortFault(port: number): Promise<string | null> {
  const probe = createServer();
  try {
    await once(probe.listen(port), "listening");
    return null;
  } catch (error) {
    return describePortFault(port, error as NodeJS.ErrnoException);
  } finally {
    probe.close();
  }
}

/** What `listen` failed of, in a line that says what to do. */
export function describePortFault(port: number, { code }: NodeJS.ErrnoException): string {
  const another = "choose another, as in: PORT=3210 npm start";
  switch (code) {
    case "EADDRINUSE":
      return `PORT ${port} is taken, perhaps by a Keyturn that runs already. Stop what listens there, or ${another}`;
    case "EACCES":
      return `PORT ${port} is not for this account to use (EACCES). With one above 1023 it works; ${another}`;
    default:
      return `PORT ${port} cannot be used (${code}); ${another}`;
  }
}
