// Serves the directory named by the first argument over HTTP at the address named by the second, port 80 or the third argument. Asked
// as a proxy, it answers from the same directory.
// Plain JavaScript, so that it starts at once.
import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join, sep } from "node:path";

const [directory = "", address = "", port = "80"] = process.argv.slice(2);
const root = await realpath(directory);

createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url ?? "/", "http://repository");
    const file = await realpath(join(root, decodeURIComponent(pathname)));
    const { size, mtime } = await stat(file);
    if (!file.startsWith(root + sep)) throw new Error("outside");
    response.writeHead(200, { "content-length": size, "last-modified": mtime.toUTCString() });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  } catch {
    response.writeHead(404, { "content-length": 0 }).end();
  }
}).listen(Number(port), address);
