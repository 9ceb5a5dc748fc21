import * as grpc from "@grpc/grpc-js";

import { isObject, plain, type Properties } from "../rpc/properties";
import { failure } from "../rpc/serve";

/** What an association has ordered from the machine and the machine has not answered yet. */
interface Order {
  readonly instanceId: string;
  readonly generation: string;
  /** Looks at the bucket for which the machine is no managed node yet. */
  unregistered: number;
}

/**
 * The machine that associations are for, and what it leaves in the bucket. It hears of an association after it exists: AWS calls one a
 * success while no target has registered (hashicorp/terraform-provider-aws#31175). Time passes by looks at the bucket.
 */
export class ManagedHost {
  /** Looks at the bucket until the machine registers with Systems Manager. Default: 0, it answers before the first. */
  registersAfter = 0;
  /** When set, the machine refuses what is ordered, with this reason. */
  refuses: string | undefined;
  private readonly orders: Order[] = [];
  private readonly objects = new Map<string, string>();
  private refusals = 0;

  /** Whether something is ordered that it has not answered. */
  get pending(): boolean {
    return this.orders.length > 0;
  }

  /** Takes what an association carries; one without a generation is not of this project's. */
  order({ parameters, targets }: Properties): void {
    const carried = plain(parameters);
    const [target] = (plain(targets) ?? []) as { values: unknown[] }[];
    const generation = isObject(carried) ? plain(carried["Generation"]) : undefined;
    const instanceId = plain(target?.values[0]);
    if (typeof generation !== "string" || typeof instanceId !== "string") return;
    // One association at a time: it replaces the order that the machine has not heard of.
    this.orders.splice(0, Infinity, { instanceId, generation, unregistered: this.registersAfter });
  }

  /** Keys in the bucket that begin like this; each look lets time pass. */
  keys(prefix: string): string[] {
    const [order] = this.orders;
    if (order !== undefined && order.unregistered === 0) this.answer(order);
    else if (order !== undefined) order.unregistered -= 1;
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix));
  }

  /** @throws grpc.ServiceError for an object that is not there. */
  object(bucket: string, key: string): string {
    const body = this.objects.get(key);
    if (body === undefined)
      throw failure(grpc.status.UNKNOWN, `reading S3 Bucket (${bucket}) Object (${key}): couldn't find resource`);
    return body;
  }

  private answer({ instanceId, generation }: Order): void {
    this.orders.splice(0);
    const leave = (kind: string, report: Properties) =>
      this.objects.set(`receipts/${instanceId}/latest-${kind}.json`, JSON.stringify({ generation, ...report }));
    if (this.refuses === undefined) {
      leave("receipt", { state: "confirmed" });
      return;
    }
    this.refusals += 1;
    leave("refusal", { reason: this.refuses, at: new Date(this.refusals * 1000).toISOString() });
  }
}
