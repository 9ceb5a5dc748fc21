import type { HostReceipt } from "../host-receipt";
import { outputError } from "../output-error";
import type { DeliveryReports } from "./delivery-reports";

/** What is waited for. */
export interface AwaitedReceipt {
  /** Name of the configuration; reports of any other are of an earlier one. */
  readonly generation: string;
  /** Reads what the host has left so far. */
  readonly read: () => Promise<DeliveryReports>;
  /** Takes a line of progress; a passing one is replaced by the next. */
  readonly say: (line: string, passing: boolean) => void;
  /** Where else the host's reason can be found, for the error after too long a wait. */
  readonly reasons: string;
  /** Waits so many milliseconds. Default: real time. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** How long `up` waits for the host, in seconds: the first time it registers with AWS and installs packages. */
const longestSeconds = 1800;
/** Seconds between reads: short at first, for a host that has nothing to do. */
const firstPauses = [2, 4, 8];
const usualPause = 15;

const realPause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * Reads until the host has left the receipt of this configuration.
 * @throws pulumi.RunError with the host's own reason when it refuses, and when it has left neither within 30 minutes.
 */
export async function awaitReceipt(awaited: AwaitedReceipt): Promise<HostReceipt> {
  const { generation, read, say, reasons, pause = realPause } = awaited;
  let waited = 0;
  for (let reads = 0; ; reads += 1) {
    const { receipt, refusal } = await read();
    if (receipt?.generation === generation) return receipt;
    if (refusal?.generation === generation) throw refused(refusal.reason);
    if (waited >= longestSeconds) throw silent(generation, reasons);
    if (reads === 0) say(`waiting for the host's receipt, ${longestSeconds / 60} minutes at most`, false);
    else say(`waiting for the host's receipt: ${Math.floor(waited / 60)} of ${longestSeconds / 60} minutes`, true);
    const seconds = firstPauses[reads] ?? usualPause;
    await pause(seconds * 1000);
    waited += seconds;
  }
}

const refused = (reason: string) =>
  outputError(
    `the host refused the configuration and keeps the one before: ${reason}. Mend that and run \`pulumi up\` again; it then tries at once`,
  );

const silent = (generation: string, reasons: string) =>
  outputError(
    `the host left no receipt of generation ${generation} within ${longestSeconds / 60} minutes. See whether the instance is a managed node of Systems Manager, and what it says in ${reasons}; then run \`pulumi up\` again: it waits anew`,
  );
