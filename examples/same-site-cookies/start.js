import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const { KEYTURN_URL = "http://localhost:3000", PORT = "5173" } = process.env;

const settings = (await read("settings.js")).replace("http://localhost:3000", KEYTURN_URL);
const files = {
  "/": ["text/html; charset=utf-8", await read("index.html")],
  "/shop.js": ["text/javascript", await read("shop.js")],
  "/settings.js": ["text/javascript", settings],
};

createServer((request, response) => {
  const [type, content] = files[request.url] ?? [];
  if (!content) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": type });
  return response.end(content);
}).listen(Number(PORT), "localhost", () => console.log(`My shop is at http://localhost:${PORT}/`));

function read(name) {
  return readFile(join(import.meta.dirname, name), "utf8");
}
