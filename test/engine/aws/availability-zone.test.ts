import { earlierState } from "./earlier-state";
import { openMinimal } from "./minimal";

test(
  "the subnet is made in a zone that offers the instance type, and stays there when the offer changes",
  async () => {
    const stack = await openMinimal();
    try {
      stack.simulation.surroundings.zones = ["eu-central-1c", "eu-central-1b"];
      const zoneOf = (state: string, type: string) =>
        (
          JSON.parse(state) as { deployment: { resources: { type: string; outputs?: Record<string, unknown> }[] } }
        ).deployment.resources
          .filter((one) => one.type === type)
          .map(({ outputs }) => outputs?.["availabilityZone"]);
      await stack.up();
      const made = await stack.export();
      for (const type of ["aws:ec2/subnet:Subnet", "aws:ebs/volume:Volume"])
        expect(zoneOf(made, type)).toEqual(["eu-central-1b"]);
      stack.simulation.surroundings.zones = ["eu-central-1a", "eu-central-1c"];
      expect((await stack.plan()).map(({ op, name }) => `${op} ${name}`)).toEqual([]);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "a stack whose zone AWS had chosen keeps it",
  async () => {
    const stack = await openMinimal();
    try {
      await stack.import(withoutZoneInput(earlierState()));
      stack.simulation.surroundings.zones = ["eu-central-1c"];
      const steps = await stack.plan();
      const done = (wanted: string) => steps.filter(({ name }) => name === wanted).map(({ op }) => op);
      for (const name of ["pbx-subnet", "pbx-instance", "pbx-data"]) expect([name, done(name)]).toEqual([name, []]);
      // It gets the tag by which the stack knows its own address.
      expect(done("pbx-interface")).toEqual(["update"]);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

test(
  "an instance type that no zone offers is refused in the preview, once and without a stack trace",
  async () => {
    const stack = await openMinimal();
    try {
      stack.simulation.surroundings.zones = ["eu-central-1-ham-1a"];
      const { code, stdout } = await stack.try(["preview"]);
      expect(code).not.toBe(0);
      const said = stdout.slice(stdout.indexOf("Diagnostics:"));
      const words = /instanceType: t3\.small is not offered in any availability zone of eu-central-1; choose/g;
      expect(said.match(words)).toHaveLength(1);
      expect(stdout).not.toMatch(/\n\s+at /);
    } finally {
      await stack.close();
    }
  },
  45 * 60_000,
);

/** The state of a program that did not say where the subnet is. */
function withoutZoneInput(text: string): string {
  const state = JSON.parse(text) as { deployment: { resources: { type: string; inputs?: Record<string, unknown> }[] } };
  const subnet = state.deployment.resources.find(({ type }) => type === "aws:ec2/subnet:Subnet");
  if (subnet?.inputs?.["availabilityZone"] === undefined) throw new Error("the state has no subnet with a zone");
  delete subnet.inputs["availabilityZone"];
  return JSON.stringify(state);
}
