/** The call that each probe tries to get past whoever stands before Keyturn. */
export const SMUGGLED_PATH = "/.well-known/security.txt";

const smuggled = `GET ${SMUGGLED_PATH} HTTP/1.1\r\nhost: x\r\n\r\n`;
const chunked = `0\r\n\r\n${smuggled}`;

/** Requests whose end two parsers could see in two places (RFC 9112 §11.2), by what is wrong with them. */
export const AMBIGUOUS_REQUESTS = Object.entries({
  "two lengths": request(["content-length: 0", `content-length: ${smuggled.length}`], smuggled),
  "a length and chunks": request(
    [`content-length: ${chunked.length}`, "transfer-encoding: chunked"],
    chunked,
  ),
  "chunks and a length": request(["transfer-encoding: chunked", "content-length: 4"], chunked),
  "an unknown coding": request(["transfer-encoding: xchunked", "content-length: 0"], chunked),
  "chunks that are not the last coding": request(["transfer-encoding: chunked, identity"], chunked),
  "a space before the colon": request(["transfer-encoding : chunked", "content-length: 0"], chunked),
  "a folded coding": request(["transfer-encoding:\r\n chunked", "content-length: 0"], chunked),
  "a coding after a vertical tab": request(
    ["transfer-encoding: \u000bchunked", "content-length: 0"],
    chunked,
  ),
  "a length with a sign": request([`content-length: +${smuggled.length}`], smuggled),
  "a length with a comma": request([`content-length: 0, ${smuggled.length}`], smuggled),
  "a chunk whose size is no number": request(["transfer-encoding: chunked"], `0x0\r\n\r\n${smuggled}`),
  "a chunk that ends too late": request(["transfer-encoding: chunked"], `1\r\nab\r\n${chunked}`),
  "a bare carriage return": request(["content-length: 0\rtransfer-encoding: chunked"], chunked),
});

function request(headers: string[], body: string): string {
  const head = ["POST /api/token HTTP/1.1", "host: login.example.com", ...headers];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
