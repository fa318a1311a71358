import { createServer } from "node:net";

/** Settings by which a server's own origin is one that a browser on this machine reaches. */
export async function ownOrigin(): Promise<{ APP_URL: string; PORT: string }> {
  const port = await freePort();
  return { APP_URL: `http://localhost:${port}`, PORT: String(port) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, () => {
      const address = probe.address();
      const port = address !== null && typeof address === "object" ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
