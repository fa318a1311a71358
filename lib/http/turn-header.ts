/** By which the proxy tells a page, within one request, that its session waits to be turned. */
export const TURN_HEADER = "x-keyturn-turn";
