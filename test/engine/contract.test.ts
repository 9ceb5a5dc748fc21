import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Contract } from "./contract";

const fixture = Contract.use();

test("the first up runs create and encrypts stdin and key, not stdout; the next up does nothing; destroy runs delete", async () => {
  const command = fixture.remote({
    create: `cat > ${fixture.folder}/stdin; echo made`,
    delete: fixture.write("deleted"),
    stdin: "s3cret text",
  });
  fixture.project.declare({ a: command });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(readFileSync(join(fixture.folder, "stdin"), "utf8")).toBe("s3cret text");
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe("made");

  const text = fixture.project.stateText();
  expect(text).toContain("made");
  expect(text).not.toContain("s3cret text");
  expect(text).not.toContain(fixture.server.privateKey.split("\n")[2]);
  expect(text).not.toContain("PRIVATE KEY");

  rmSync(join(fixture.folder, "stdin"));
  expect(await fixture.project.up("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(() => readFileSync(join(fixture.folder, "stdin"))).toThrow("ENOENT");
  expect(await fixture.project.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")).toMatchObject({
    code: 0,
  });

  expect(await fixture.project.destroy()).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["deleted"]);
});

test("a changed stdin, or any other changed input, runs update; without update it runs create", async () => {
  const base = { create: fixture.write("create"), delete: fixture.write("delete"), stdin: "1" };
  fixture.project.declare({
    a: fixture.remote({ ...base, update: fixture.write("update") }),
    b: fixture.remote({ ...base, create: fixture.write("create-b") }),
  });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.lines().sort()).toEqual(["create", "create-b"]);

  fixture.clearJournal();
  const changed = { ...base, stdin: "2" };
  fixture.project.declare({
    a: fixture.remote({ ...changed, update: fixture.write("update") }),
    b: fixture.remote({ ...base, create: fixture.write("create-b"), delete: "true" }),
  });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.lines().sort()).toEqual(["create-b", "update"]);
});

test("changed triggers replace: the new create runs before the old delete, even with update", async () => {
  const base = { create: fixture.write("create"), update: fixture.write("update"), delete: fixture.write("delete") };
  fixture.project.declare({ a: fixture.remote({ ...base, triggers: ["1", { deep: 1 }] }) });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  fixture.project.declare({ a: fixture.remote({ ...base, triggers: ["1", { deep: 2 }] }) });
  const preview = await fixture.project.preview();
  expect(preview.stdout).toMatch(/replace/);
  expect(fixture.lines()).toEqual(["create"]);
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["create", "create", "delete"]);
});

test("a preview runs nothing, and what another command will print is unknown in it", async () => {
  fixture.project.declare({
    a: fixture.remote({ create: `${fixture.write("ran")}; echo printed` }),
    b: fixture.remote({ create: "cat", stdinFrom: "a" }),
  });
  const preview = await fixture.project.preview();
  expect(preview.code).toBe(0);
  expect(preview.stdout).toMatch(/stdin +: (\[unknown\]|output<string>)/);
  expect(fixture.lines()).toEqual([]);
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.project.state("b")?.outputs?.["stdout"]).toBe("printed");
});

test("a preview names every input that changed, a secret one and one inside the environment too", async () => {
  const command = (change: string) =>
    fixture.remote({ create: `true ${change}`, stdin: change, environment: { GREETING: change }, triggers: [] });
  fixture.project.declare({ a: command("one") });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  fixture.project.declare({ a: command("two") });
  const { stdout } = await fixture.project.pulumi("preview");
  expect(stdout).toContain("[diff: ~create,environment,stdin]");
  expect(stdout).not.toContain("+-");
});

test("a failing update reports status and output, keeps the old state, and is tried again by the next up", async () => {
  fixture.project.declare({
    a: fixture.remote({
      create: "echo one",
      update: `${fixture.write("update")}; echo two; echo why >&2; exit 3`,
      stdin: "1",
    }),
  });
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  fixture.project.declare({
    a: fixture.remote({
      create: "echo one",
      update: `${fixture.write("update")}; echo two; echo why >&2; exit 3`,
      stdin: "2",
    }),
  });
  for (const attempt of [1, 2]) {
    const { code, stdout } = await fixture.project.up();
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/exited with status 3/);
    expect(stdout).toMatch(/two/);
    expect(stdout).toMatch(/why/);
    expect(fixture.lines()).toHaveLength(attempt);
    expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe("one");
  }
});

test("when the second of two commands fails, the next up runs only the second", async () => {
  const commands = (status: number) => ({
    a: fixture.remote({ create: `${fixture.write("a")}; echo done` }),
    b: fixture.remote({
      create: `cat >/dev/null; ${fixture.write("b")}; test -e ${fixture.folder}/cured || exit ${String(status)}`,
      stdinFrom: "a",
    }),
  });
  fixture.project.declare(commands(4));
  expect((await fixture.project.up()).code).not.toBe(0);
  expect(fixture.lines()).toEqual(["a", "b"]);
  writeFileSync(join(fixture.folder, "cured"), "");
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["a", "b", "b"]);
});

test("Ctrl-C lets the running command end, starts no other, and the next up goes on from there", async () => {
  fixture.project.declare({
    a: fixture.remote({ create: `${fixture.write("begun")}; sleep 2; ${fixture.write("ended")}; echo result` }),
    b: fixture.remote({ create: fixture.write("b"), stdinFrom: "a" }),
  });
  const { code } = await fixture.project.interruptedUp(() => fixture.journalHas("begun"));
  expect(code).not.toBe(0);
  await fixture.journalHas("ended");
  expect(fixture.lines()).toEqual(["begun", "ended"]);
  expect(fixture.project.leftovers()).toEqual([]);
  expect(fixture.project.state("a")?.outputs?.["stdout"]).toBe("result");
  expect(await fixture.project.up()).toMatchObject({ code: 0 });
  expect(fixture.lines()).toEqual(["begun", "ended", "b"]);
});
