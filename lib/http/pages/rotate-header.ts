/** By which the proxy tells a page, within one request, that its session waits to be rotated. */
export const ROTATE_HEADER = "x-keyturn-rotate";
