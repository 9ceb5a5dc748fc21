import * as pulumi from "@pulumi/pulumi";
import type { AsteriskHostConnectionArgs } from "./asterisk-host-args";
import { connectionFault } from "./connection-fault";
import { endpointText, waitForGreeting } from "./host-answer";
import { hookName } from "./hook-name";

/** Seconds that a machine has to boot in. With the dials of {@link dialLimits} after it, `up` gives up within five minutes. */
export const patienceSeconds = 220;

/**
 * The dials of @pulumi/command once the machine has greeted: at most 9 × 8 s and pauses of 5 s, 77 s in all. They are silent about
 * the host, so few: sshd may refuse at random while others knock (MaxStartups), and a machine that boots refuses all but root.
 */
export const dialLimits = { dialErrorLimit: 8, perDialTimeout: 8 };

/** What only a machine that was just activated may be silent for. */
export const unconfirmed =
  "the new configuration has just come into effect, and unless it is confirmed the machine undoes it by itself";

/**
 * Hooks of a command that connects: before it the machine is waited for, and after a failed connection the cure is told. A command
 * that does not run connects to nothing, nor does a preview.
 */
export function reachHooks(
  name: string,
  parent: pulumi.Resource,
  connection: AsteriskHostConnectionArgs,
  hint?: string,
): pulumi.ResourceHookBinding {
  // A program that is tested with mocks has no engine, in which a hook could be registered.
  if (!pulumi.runtime.hasEngine()) return {};
  const target = pulumi.output(connection);
  const before = new pulumi.ResourceHook(hookName(`${name}-reach`), async () => {
    const resolved = await valueOf(target);
    await waitForGreeting(firstHop(resolved), {
      seconds: resolved.waitSeconds ?? patienceSeconds,
      ...(hint === undefined ? {} : { hint }),
      warn: (message) => void pulumi.log.warn(message, parent),
      remind: (message) => void pulumi.log.info(message, parent, undefined, true),
    });
  });
  const onError = new pulumi.ErrorHook(hookName(`${name}-unreached`), async ({ errors }) => {
    const resolved = await valueOf(target);
    const where = `${resolved.user ?? "root"}@${endpointText({ host: resolved.host, port: resolved.port ?? 22 })}`;
    const fault = connectionFault(errors[0] ?? "", where);
    if (fault !== undefined) await pulumi.log.error(fault, parent);
    return false;
  });
  return { beforeCreate: [before], beforeUpdate: [before], onError: [onError] };
}

type Resolved = pulumi.Unwrap<AsteriskHostConnectionArgs>;

/** The machine that is dialled from here: with a bastion in front, the bastion. */
function firstHop(connection: Resolved): { host: string; port: number } {
  const { proxy } = connection as { proxy?: { host: string; port?: number } };
  const { host, port = 22 } = proxy ?? connection;
  return { host, port };
}

/** Hooks run when every input is known. */
function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
