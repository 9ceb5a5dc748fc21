import type { SimulatedStack } from "../../../tools/aws/simulated-stack";
import { earlierState } from "./earlier-state";
import { openMinimal } from "./minimal";

interface Resource {
  readonly type: string;
  protect?: boolean;
  readonly outputs?: Record<string, unknown>;
}

/** The state as `pulumi up` without `deletionProtection` leaves it. */
function unprotected(): string {
  const state = JSON.parse(earlierState()) as { deployment: { resources: Resource[] } };
  for (const resource of state.deployment.resources) {
    delete resource.protect;
    if (resource.outputs?.["deletionProtectionEnabled"] === true) resource.outputs["deletionProtectionEnabled"] = false;
    if (resource.outputs?.["forceDestroy"] === false) resource.outputs["forceDestroy"] = true;
  }
  return JSON.stringify(state);
}

let stack: SimulatedStack;
beforeAll(async () => {
  stack = await openMinimal();
}, 45 * 60_000);
afterAll(async () => {
  await stack.close();
});
jest.setTimeout(180_000);

const deleted = () =>
  stack.simulation.takeCalls().flatMap(({ operation, name }) => (operation === "delete" ? [name] : []));

test("while it is protected `pulumi destroy` refuses in its preview, and removes nothing", async () => {
  await stack.import(earlierState());
  const before = await stack.resources();
  const { code, stdout } = await stack.try(["destroy", "--yes"]);
  expect([code === 0, deleted()]).toEqual([false, []]);
  expect(stdout).toMatch(/pbx-data"? cannot be deleted\s+because it is protected/);
  expect(await stack.resources()).toHaveLength(before.length);
});

test("without the preview the machine is gone before the engine comes to what is protected", async () => {
  const { code } = await stack.try(["destroy", "--yes", "--skip-preview"]);
  expect(code).not.toBe(0);
  expect(deleted()).toEqual(expect.arrayContaining(["pbx-instance", "pbx-interface"]));
  const left = (await stack.resources()).map(({ urn }) => urn.split("::").at(-1));
  expect(left).toEqual(
    expect.arrayContaining(["pbx-data", "pbx-address", "pbx-archive", "pbx-backups", "pbx-log-calls"]),
  );
});

test("what is unprotected goes as a whole, with buckets and backups that hold something", async () => {
  await stack.import(unprotected());
  await stack.destroy();
  expect(deleted()).toContain("pbx-archive");
  expect(await stack.resources()).toEqual([]);
});
