// Nothing about whoever runs Keyturn is sent to anybody.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  skipTrailingSlashRedirect: true,
  // Most entries are routes that the API lane answers itself: loaded twice they would double the memory and the start.
  experimental: { preloadEntriesOnStart: false },
  images: { unoptimized: true },
  headers: async () => [
    { source: "/_next/static/:path*", headers: [{ key: "X-Content-Type-Options", value: "nosniff" }] },
  ],
  serverExternalPackages: ["postgres", "pino", "prom-client"],
};

export default config;
