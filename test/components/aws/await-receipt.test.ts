import * as pulumi from "@pulumi/pulumi";
import { awaitReceipt } from "../../../components/aws/await-receipt";
import type { DeliveryReports } from "../../../components/aws/delivery-reports";
import type { HostReceipt } from "../../../components/host-receipt";
import { ManagedHost } from "../../../tools/engine/stand-in/aws/managed-host";
import { deliveryParts } from "./delivery-parts";
import { madeBy } from "./made";
import { ofType, settled } from "./made-by-program";

const receipt = (generation: string) => ({ generation, state: "confirmed" }) as HostReceipt;
const refusal = (generation: string) => ({ generation, reason: "the disk is full", at: "2026-11-30T12:00:00Z" });

/** Waits for the generation `new` with a clock that stands still; `left` is what is found at each read, the last for ever. */
async function wait(...left: DeliveryReports[]) {
  let [reads, seconds] = [0, 0];
  const lines: string[] = [];
  const read = () => Promise.resolve(left[Math.min(reads++, left.length - 1)] ?? {});
  const pause = (milliseconds: number) => {
    seconds += milliseconds / 1000;
    return Promise.resolve();
  };
  const awaited = { generation: "new", read, pause, say: (line: string) => lines.push(line), reasons: "log group /a" };
  const outcome = await awaitReceipt(awaited).catch((error: unknown) => error as Error);
  return { outcome, reads, seconds, lines };
}

describe("waiting for the receipt", () => {
  test("a receipt that is there already is taken without a word and without a pause", async () => {
    expect(await wait({ receipt: receipt("new") })).toEqual({
      outcome: receipt("new"),
      reads: 1,
      seconds: 0,
      lines: [],
    });
  });

  test("a machine that registers after 90 seconds is waited for, and its progress is told", async () => {
    const absent = Array.from({ length: 9 }, () => ({}));
    const { outcome, seconds, lines } = await wait(...absent, { receipt: receipt("new") });
    expect(outcome).toEqual(receipt("new"));
    expect(seconds).toBeGreaterThan(90);
    expect(lines[0]).toBe("waiting for the host's receipt, 30 minutes at most");
    expect(lines.at(-1)).toBe("waiting for the host's receipt: 1 of 30 minutes");
  });

  test("receipt and refusal of an earlier configuration are neither success nor failure", async () => {
    const { outcome, reads } = await wait(
      { receipt: receipt("old"), refusal: refusal("older") },
      { receipt: receipt("old"), refusal: refusal("older") },
      { receipt: receipt("new"), refusal: refusal("older") },
    );
    expect([outcome, reads]).toEqual([receipt("new"), 3]);
  });

  test("a refusal ends it at once with the host's own reason and the cure", async () => {
    const { outcome, reads } = await wait({ receipt: receipt("old") }, { refusal: refusal("new") });
    expect(reads).toBe(2);
    expect(pulumi.RunError.isInstance(outcome)).toBe(true);
    expect((outcome as Error).message).toMatch(/refused the configuration .*: the disk is full\. Mend that and run/);
  });

  test("a receipt that comes after a refusal of the same configuration counts", async () => {
    const { outcome } = await wait({ receipt: receipt("new"), refusal: refusal("new") });
    expect(outcome).toEqual(receipt("new"));
  });

  test("after 30 minutes it ends with where to look", async () => {
    const { outcome, seconds } = await wait({ receipt: receipt("old") });
    expect(seconds).toBeGreaterThanOrEqual(1800);
    expect(seconds).toBeLessThan(1830);
    expect(pulumi.RunError.isInstance(outcome)).toBe(true);
    expect((outcome as Error).message).toMatch(/within 30 minutes\. See whether .* in log group \/a; .* waits anew/);
  });
});

describe("the delivery", () => {
  beforeEach(() => jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined));

  /** Delivers to a machine; gives the ordered generation and what came of it. */
  async function deliver(host: ManagedHost, preview = false, address = "203.0.113.10") {
    let found: Promise<unknown> = Promise.resolve(undefined);
    const made = await madeBy(
      (part) => {
        found = settled(deliveryParts(part, { bundle: "{}", address }));
      },
      undefined,
      {},
      { host, preview },
    );
    const [association] = ofType(made, "ssm/association:Association");
    const { Generation: generation } = association?.inputs["parameters"] as { Generation: string };
    return { generation, found: await found };
  }

  test("waits until a machine that Systems Manager did not know has answered", async () => {
    const host = new ManagedHost();
    host.registersAfter = 1;
    const { generation, found } = await deliver(host);
    expect(found).toEqual(receipt(generation));
  });

  test("after a refusal orders the same under another name, and under that one from then on", async () => {
    const host = new ManagedHost();
    host.refuses = "the disk is full";
    const { generation } = await deliver(new ManagedHost());
    host.order({ parameters: { Generation: generation }, targets: [{ values: ["i-0123456789abcdef0"] }] });
    host.keys("");
    host.refuses = undefined;
    const [again, later] = [await deliver(host), await deliver(host)];
    expect(again.generation).not.toBe(generation);
    expect(again.found).toEqual(receipt(again.generation));
    expect(later).toEqual(again);
  });

  test("goes back to an earlier configuration only when the machine says so anew", async () => {
    const host = new ManagedHost();
    const addresses = ["203.0.113.9", "203.0.113.10", "203.0.113.9"];
    const found: unknown[] = [];
    for (const address of addresses) {
      host.registersAfter = 1;
      found.push((await deliver(host, false, address)).found);
    }
    expect(found[2]).toEqual(found[0]);
    expect(found[1]).not.toEqual(found[0]);
    expect(host.pending).toBe(false);
  });

  test("in a preview is looked at once, and unknown while the host has not answered", async () => {
    const host = new ManagedHost();
    host.registersAfter = 100;
    const looks = jest.spyOn(host, "keys");
    const { found } = await deliver(host, true);
    expect(found).toBeUndefined();
    expect(looks).toHaveBeenCalledTimes(2);
  });
});
