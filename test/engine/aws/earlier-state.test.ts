import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { earlierState, keepState, stateWithoutProject } from "./earlier-state";
import { openMinimal } from "./minimal";

/** What carries the configuration is made anew with it; everything else has to stay. */
const carriers = [
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:ssm/association:Association",
];

test(
  "a state that the version before this one left is taken over: nothing of it is replaced or deleted",
  async () => {
    const stack = await openMinimal();
    try {
      if (process.env["UPDATE_STATE"] !== undefined) {
        await stack.up();
        keepState(await stack.export());
      }
      await stack.import(earlierState());
      const steps = await stack.plan();
      const others = steps.filter(({ type }) => !carriers.includes(type));
      expect(others.filter(({ op }) => op !== "update" && op !== "create")).toEqual([]);
      expect((await stack.resources()).length).toBeGreaterThan(100);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "a state whose names have no project is refused in the preview, because vault, log groups and archive would be replaced",
  async () => {
    const stack = await openMinimal();
    try {
      await stack.import(stateWithoutProject());
      const { code, stdout } = await stack.try(["preview"]);
      expect(code).not.toBe(0);
      for (const name of ["pbx-backups", "pbx-log-calls", "pbx-archive"])
        expect(stdout).toMatch(
          new RegExp(`unable to replace resource "\\S*::${name}"\\s+as it is currently marked for protection`),
        );
      expect(
        stack.simulation.takeCalls().filter(({ operation, preview }) => operation !== "invoke" && !preview),
      ).toEqual([]);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "without protection such a state is taken over, and what it costs is vault, log groups and archive: data volume and address stay",
  async () => {
    const stack = await openMinimal();
    try {
      const program = path.join(stack.folder, "index.ts");
      const text = readFileSync(program, "utf8");
      writeFileSync(program, text.replace("  pbx: spec,", "  deletionProtection: false,\n  pbx: spec,"));
      await stack.import(stateWithoutProject().replaceAll('"protect":true', '"protect":false'));
      const replaced = (await stack.plan()).filter(({ op }) => op === "replace").map(({ name }) => name);
      expect(replaced).toEqual(expect.arrayContaining(["pbx-backups", "pbx-log-calls", "pbx-archive", "pbx-alarms"]));
      const kept = ["data", "address", "data-key", "logs-key", "secrets-key", "vpc", "subnet"].map(
        (one) => `pbx-${one}`,
      );
      expect(replaced.filter((name) => kept.includes(name))).toEqual([]);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "a resource of another name would be noticed",
  async () => {
    const stack = await openMinimal();
    try {
      await stack.import(earlierState().replaceAll("NetworkInterface::pbx-interface", "NetworkInterface::pbx-face"));
      const steps = await stack.plan();
      expect(steps.map(({ op, name }) => `${op} ${name}`)).toEqual(
        expect.arrayContaining(["delete pbx-face", "create pbx-interface"]),
      );
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);
