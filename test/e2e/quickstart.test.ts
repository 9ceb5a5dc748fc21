import path from "node:path";
import { tryRun } from "../../sandbox/command";
import { listSandboxes } from "../../sandbox/sandbox";

const root = path.join(__dirname, "../..");

test("the newcomer's command shows everything it promises, and its removal leaves nothing", async () => {
  const present = async () => (await listSandboxes()).some(({ name }) => name === "quickstart");
  if (await present()) throw new Error("a quickstart is up; remove it first: npm run quickstart -- --remove");
  const shown = await tryRun(["npm", "run", "--silent", "quickstart"], { cwd: root, timeout: 600_000 });
  const removed = await tryRun(["npm", "run", "--silent", "quickstart", "--", "--remove"], {
    cwd: root,
    timeout: 60_000,
  });
  const lines = shown.stdout.split("\n").filter((line) => /^ {2}(yes|NO ) /.test(line));
  expect(lines.filter((line) => !line.startsWith("  yes"))).toEqual([]);
  expect([lines.length, shown.code, removed.code, await present()]).toEqual([8, 0, 0, false]);
}, 660_000);
