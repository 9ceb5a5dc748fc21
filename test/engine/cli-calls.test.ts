import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Contract } from "./contract";

const fixture = Contract.use();
/** A project beside the contract's own: what installs here must not reach this repository's node_modules. */
const folder = (name: string, files: Record<string, unknown>): string => {
  const path = join(fixture.folder, name);
  for (const [file, content] of Object.entries({ "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`, ...files })) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return path;
};
/** Nothing that a person is shown is a stack trace or a line of a bundled program. */
const readable = (text: string) => {
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(400);
};

test("pulumi install installs what package.json names and shows what npm says", async () => {
  const project = folder("install", {
    "package.json": { name: "install", dependencies: { local: "file:local" } },
    "local/package.json": { name: "local", version: "1.2.3" },
  });
  const { code, stdout, stderr } = await fixture.project.pulumiIn(project, "install");
  readable(stdout + stderr);
  expect(stdout + stderr).toMatch(/Installing dependencies/);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(existsSync(join(project, "node_modules/local/package.json"))).toBe(true);
});

test("pulumi install fails with npm's own words when a package is not there", async () => {
  const project = folder("missing", {
    "package.json": { name: "missing", dependencies: { local: "file:nowhere.tgz" } },
  });
  const { code, stdout, stderr } = await fixture.project.pulumiIn(project, "install");
  readable(stdout + stderr);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/nowhere\.tgz/);
});

test("pulumi about names Node, the package manager, and the packages that package.json asks for", async () => {
  const project = folder("about", {
    "package.json": { name: "about", dependencies: { direct: "^1.0.0" } },
    "package-lock.json": {
      lockfileVersion: 3,
      packages: {
        "": { name: "about", dependencies: { direct: "^1.0.0" } },
        "node_modules/direct": { version: "1.0.1" },
        "node_modules/direct/node_modules/inner": { version: "0.5.0" },
      },
    },
  });
  const { code, stdout, stderr } = await fixture.project.pulumiIn(project, "about", "--json");
  readable(stderr);
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/dependencies/i);
  const about = JSON.parse(stdout) as Record<string, unknown>;
  expect(about["runtime"]).toMatchObject({ language: "nodejs", version: process.version });
  expect(about["dependencies"]).toEqual([{ name: "direct", version: "1.0.1" }]);
  const all = JSON.parse((await fixture.project.pulumiIn(project, "about", "--json", "--transitive")).stdout) as object;
  expect(all).toMatchObject({
    dependencies: expect.arrayContaining([{ name: "inner", version: "0.5.0" }]) as unknown,
  });
});

test("pulumi package get-schema knows the two resources and every input the SDK's types have", async () => {
  // By its path: a name the CLI looks up on the Internet, whatever lies on PATH.
  const provider = fixture.engine.commandProvider.path;
  const { code, stdout, stderr } = await fixture.project.pulumi("package", "get-schema", provider);
  readable(stderr);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const schema = JSON.parse(stdout) as { name: string; resources: Record<string, { inputProperties: object }> };
  expect(schema.name).toBe("command");
  expect(Object.keys(schema.resources["command:remote:Command"]?.inputProperties ?? {}).sort()).toEqual(
    ["addPreviousOutputInEnv", "connection", "create", "delete", "environment", "logging", "stdin", "triggers"].concat(
      "update",
    ),
  );
  expect(Object.keys(schema.resources["command:remote:CopyToRemote"]?.inputProperties ?? {}).sort()).toEqual([
    "connection",
    "remotePath",
    "source",
    "triggers",
  ]);
});

test("pulumi package get-schema of a folder without the SDK says so in a few words", async () => {
  const component = folder("component", {
    "PulumiPlugin.yaml": "name: component\nruntime: nodejs\n",
    "package.json": { name: "component", version: "1.0.0", main: "index.js" },
    "index.js": "",
  });
  const { code, stdout, stderr } = await fixture.project.pulumi("package", "get-schema", component);
  readable(stdout + stderr);
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/npm/);
});
