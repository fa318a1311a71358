import { context } from "esbuild";

const {
  KEYTURN_URL = "http://localhost:3000",
  API_URL = "http://localhost:8000",
  CLIENT_ID = "",
  PORT = "5173",
} = process.env;
if (!CLIENT_ID) throw new Error("Set CLIENT_ID to what `keyturn application add` printed.");

const build = await context({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["main.jsx"],
  bundle: true,
  format: "esm",
  jsx: "automatic",
  define: {
    KEYTURN_URL: JSON.stringify(KEYTURN_URL),
    API_URL: JSON.stringify(API_URL),
    CLIENT_ID: JSON.stringify(CLIENT_ID),
  },
  outdir: ".",
  write: false,
});
await build.serve({ host: "localhost", port: Number(PORT), servedir: "." });
console.log(`My shop is at http://localhost:${PORT}/`);
