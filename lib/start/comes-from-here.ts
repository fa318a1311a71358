import type { Socket } from "node:net";

/** Whether whoever opened a connection sits on this machine. */
export function comesFromHere({
  remoteAddress = "",
  localAddress,
}: Pick<Socket, "remoteAddress" | "localAddress">): boolean {
  return remoteAddress === localAddress || /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
}
