import type { ProgramStack } from "../operator/program-stack";

/** What the steps work with. */
export interface SmokeHost {
  readonly stack: ProgramStack;
  /** Whether a TCP port answers from here. */
  readonly isOpen: (host: string, port: number) => Promise<boolean>;
}

/** One thing that has to be true of a real account. */
export interface SmokeStep {
  readonly name: string;
  /** True for what cleans up, whatever failed before. Default: false. */
  readonly always?: true;
  /** @throws Error that says what is not true. */
  readonly run: (host: SmokeHost) => Promise<void>;
}

/** Ports that nobody outside the phones' and carriers' networks may reach. */
const closed = [22, 80, 443, 4520, 4569, 5038, 5060, 5061, 8088];

/** In order. */
export const smokeSteps: readonly SmokeStep[] = [
  {
    name: "up makes everything, and waits until the host says that its configuration is live",
    run: async ({ stack }) => {
      await stack.up();
    },
  },
  {
    name: "a second up changes nothing",
    run: async ({ stack }) => {
      await stack.up("--expect-no-changes");
    },
  },
  {
    name: "AWS has what was asked for: a refresh finds no difference",
    run: async ({ stack }) => {
      await stack.refresh();
      const steps = await stack.plan();
      if (steps.length > 0) throw new Error(`these differ: ${steps.map(({ op, name }) => `${op} ${name}`).join(", ")}`);
    },
  },
  {
    name: "no TCP port answers here, an address that the spec does not list",
    run: async ({ stack, isOpen }) => {
      const address = await stack.output<string>("address");
      const open: number[] = [];
      for (const port of closed) if (await isOpen(address, port)) open.push(port);
      if (open.length > 0) throw new Error(`${address} answers on ${open.join(", ")}`);
    },
  },
  {
    name: "another generation of the machine keeps the address",
    run: async ({ stack }) => {
      const before = [await stack.output<string>("address"), await stack.output<string>("instanceId")];
      await stack.configure({ generation: "2" });
      await stack.up();
      const after = [await stack.output<string>("address"), await stack.output<string>("instanceId")];
      if (after[0] !== before[0]) throw new Error(`the address was ${before[0] ?? ""} and is ${after[0] ?? ""}`);
      if (after[1] === before[1]) throw new Error(`the machine is ${after[1] ?? ""} still`);
    },
  },
  {
    name: "with protection `pulumi destroy` refuses, and removes nothing",
    run: async ({ stack }) => {
      const before = (await stack.resources()).length;
      const { code } = await stack.try(["destroy", "--yes"]);
      const after = (await stack.resources()).length;
      if (code === 0 || after < before)
        throw new Error(`it ended with ${code}, and left ${after} of ${before} resources`);
    },
  },
  {
    name: "without protection everything is destroyed",
    always: true,
    run: async ({ stack }) => {
      await stack.configure({ deletionProtection: "false" });
      // What protects is taken away even where the machine never came to be: then `up` fails, and says so again.
      await stack.tryUp();
      await stack.destroy();
      const left = (await stack.resources()).length;
      if (left > 0) throw new Error(`${left} resources are left in the state`);
    },
  },
];
