import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Contract } from "./contract";
import type { RemoteCopy } from "./project";

const fixture = Contract.use();
const at = (name: string) => join(fixture.folder, name);
const copy = (change: Partial<RemoteCopy> = {}): Record<string, RemoteCopy> => ({
  a: { connection: fixture.server.connection, file: at("source"), remotePath: at("copied"), ...change },
});
const up = async (copies: Record<string, RemoteCopy>, ...args: string[]) => {
  fixture.project.declare({}, copies);
  expect(await fixture.project.up(...args)).toMatchObject({ code: 0 });
};

afterEach(() => {
  rmSync(at("copied"), { force: true });
});

test("a file is copied byte by byte, once; the state holds its digest and not its content; destroy leaves it", async () => {
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
  writeFileSync(at("source"), content);
  await up(copy());
  expect(readFileSync(at("copied")).equals(content)).toBe(true);
  expect(fixture.project.stateText().length).toBeLessThan(20_000);
  rmSync(at("copied"));
  await up(copy(), "--expect-no-changes");
  expect(existsSync(at("copied"))).toBe(false);
  writeFileSync(at("copied"), "of the host");
  expect(await fixture.project.destroy()).toMatchObject({ code: 0 });
  expect(readFileSync(at("copied"), "utf8")).toBe("of the host");
});

test("another content, another path and another trigger copy again; another connection alone does not", async () => {
  writeFileSync(at("source"), "one");
  await up(copy({ triggers: ["1"] }));
  writeFileSync(at("source"), "two");
  await up(copy({ triggers: ["1"] }));
  expect(readFileSync(at("copied"), "utf8")).toBe("two");
  rmSync(at("copied"));
  await up(copy({ triggers: ["1"], connection: { ...fixture.server.connection, perDialTimeout: 7 } }));
  expect(existsSync(at("copied"))).toBe(false);
  await up(copy({ triggers: ["2"] }));
  expect(readFileSync(at("copied"), "utf8")).toBe("two");
});

test("a preview copies nothing; a folder that is not there is said with its path", async () => {
  writeFileSync(at("source"), "one");
  fixture.project.declare({}, copy());
  expect(await fixture.project.preview()).toMatchObject({ code: 0 });
  expect(existsSync(at("copied"))).toBe(false);
  fixture.project.declare({}, copy({ remotePath: at("nowhere/copied") }));
  const failed = await fixture.project.up();
  expect(failed.code).not.toBe(0);
  expect(failed.stdout + failed.stderr).toContain("nowhere/copied");
});
