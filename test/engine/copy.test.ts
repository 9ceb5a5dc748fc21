import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("a preview copies nothing; a folder that is not there is made with its parents, for a file and for a text", async () => {
  writeFileSync(at("source"), "one");
  fixture.project.declare({}, copy({ remotePath: at("made/of file/copied") }));
  expect(await fixture.project.preview()).toMatchObject({ code: 0 });
  expect(existsSync(at("made"))).toBe(false);
  await up(copy({ remotePath: at("made/of file/copied") }));
  expect(readFileSync(at("made/of file/copied"), "utf8")).toBe("one");
  await up({ b: { connection: fixture.server.connection, text: "two", remotePath: at("made/of text/copied") } });
  expect(readFileSync(at("made/of text/copied"), "utf8")).toBe("two");
});

test("a file goes into a folder that is there, under its own name; a text needs a path of its own", async () => {
  mkdirSync(at("folder"));
  writeFileSync(at("source"), "one");
  await up(copy({ remotePath: at("folder") }));
  expect(readFileSync(at("folder/source"), "utf8")).toBe("one");
  fixture.project.declare({}, { b: { connection: fixture.server.connection, text: "two", remotePath: at("folder") } });
  const { code, stdout } = await fixture.project.up();
  expect(code).not.toBe(0);
  expect(stdout).toContain(`${at("folder")} is a directory`);
});

test("a parent that is a file is said with the path, and it is left as it is", async () => {
  writeFileSync(at("source"), "one");
  writeFileSync(at("copied"), "a file");
  fixture.project.declare({}, copy({ remotePath: at("copied/below/it") }));
  const { code, stdout } = await fixture.project.up();
  expect(code).not.toBe(0);
  expect(stdout).toContain(at("copied/below/it"));
  expect(readFileSync(at("copied"), "utf8")).toBe("a file");
});
