import { packStatic } from "./pack-static.ts";

/** What `npm run build` does after Next: nothing is left to write when Keyturn starts. */
await packStatic(process.cwd());
