import { randomBytes } from "node:crypto";

import { isObject, plain, type Properties, UNKNOWN } from "../rpc/properties";
import type { Difference } from "../rpc/differences";
import { differences } from "./differences";
import { EbsVolumes } from "./ebs-volumes";
import { ElasticIps } from "./elastic-ips";
import { answer, type Surroundings, untouched } from "./invokes";
import { ManagedHost } from "./managed-host";
import { shapeOf } from "./shape";
import { resourceType } from "./types/table";
import { simulatedState, type SimulatedState } from "./values";

/**
 * Types whose names are unique in an account and region. Some services answer a second request for a name by overwriting what is there
 * (alarms, dashboards, rules) or by giving it out (topics): then two stacks have one resource, which is no better than a refusal.
 */
const uniquelyNamed = [
  "backup/vault",
  "budgets/budget",
  "cloudwatch/dashboard",
  "cloudwatch/eventRule",
  "cloudwatch/logGroup",
  "cloudwatch/metricAlarm",
  "iam/instanceProfile",
  "iam/policy",
  "iam/role",
  "kinesis/firehoseDeliveryStream",
  "s3/bucket",
  "secretsmanager/secret",
  "sns/topic",
  "ssm/document",
];

/** Type of what orders a configuration from a machine. */
export const ASSOCIATION = "aws:ssm/association:Association";

/** One call that the engine made and that would have changed or asked something. */
export interface Call {
  readonly operation: "create" | "read" | "update" | "delete" | "invoke";
  /** Type of the resource, or name of the function. */
  readonly type: string;
  /** Name of the resource; empty for a function. */
  readonly name: string;
  readonly preview: boolean;
}

/**
 * A simulation of the official AWS provider, 7.48.0: it proves what this project asks of AWS, and in which order, not that
 * AWS accepts it. Nothing leaves the process.
 */
export class AwsSimulation {
  /** Every call since the simulation began, or since {@link takeCalls}. */
  private calls: Call[] = [];
  private serial = 0;
  private readonly gone = new Set<string>();
  /** Names of the account that are taken. */
  private readonly taken = new Set<string>();
  /** What functions find. */
  readonly surroundings: Surroundings = { ...untouched };
  /** The machine that associations are for. */
  readonly host = new ManagedHost();
  /** What Elastic IPs are associated with. */
  readonly addresses = new ElasticIps();
  /** What is on volumes and snapshots. */
  readonly disks = new EbsVolumes();

  /** The calls since the last time, oldest first. */
  takeCalls(): Call[] {
    return this.calls.splice(0);
  }

  /** Lets a resource vanish, as if somebody had deleted it by hand: the next refresh finds it gone. */
  vanish(id: string): void {
    this.gone.add(id);
  }

  /** Inputs with the name the provider gives where the program gives none. */
  check(type: string, name: string, old: Properties | undefined, news: Properties): Properties {
    resourceType(type);
    const property = nameProperty(type);
    if (property === undefined || news[property] !== undefined || news[`${property}Prefix`] !== undefined)
      return { ...news, __defaults: [] };
    const kept = old !== undefined && defaults(old).includes(property) ? old[property] : undefined;
    const made =
      kept ??
      (type === "aws:kms/alias:Alias" ? "alias/" : "") + `${name}-${randomBytes(4).toString("hex").slice(0, 7)}`;
    return { ...news, [property]: made, __defaults: [property] };
  }

  diff(type: string, before: Properties, after: Properties): { changes: Difference[]; deleteFirst: boolean } {
    const known = resourceType(type);
    const changes = differences(before, after, known);
    if (known.deletesFirst) return { changes, deleteFirst: true };
    const property = nameProperty(type);
    // Two resources of one fixed name cannot be at one time; a name with a random end can be made anew first.
    const fixed = property !== undefined && after[property] !== undefined && !defaults(after).includes(property);
    return { changes, deleteFirst: fixed && !changes.some(({ path }) => path === property) };
  }

  /** @throws Error for a name that is taken in the account. */
  create(type: string, name: string, inputs: Properties, preview: boolean): SimulatedState {
    this.record({ operation: "create", type, name, preview });
    if (preview) return { id: "", outputs: unknownOutputs(type, inputs) };
    this.disks.check(type, inputs);
    this.serial += 1;
    const state = simulatedState(type, name, this.serial, inputs);
    this.take(type, state.outputs);
    this.addresses.made(type, state);
    this.disks.made(type, state);
    if (type === ASSOCIATION) this.host.order(inputs);
    return state;
  }

  /** The outputs as they are, or undefined when the resource has vanished. */
  read(type: string, name: string, id: string, state: Properties): Properties | undefined {
    this.record({ operation: "read", type, name, preview: false });
    return this.gone.has(id) ? undefined : state;
  }

  update(type: string, name: string, old: Properties, inputs: Properties, preview: boolean): Properties {
    this.record({ operation: "update", type, name, preview });
    if (type === ASSOCIATION && !preview) this.host.order(inputs);
    const { inputs: given, outputs } = shapeOf(type);
    const kept = Object.fromEntries([...outputs.keys()].filter((key) => !given.has(key)).map((key) => [key, old[key]]));
    const computed = Object.fromEntries([...outputs.keys()].map((key) => [key, old[key]]));
    return { ...computed, ...inputs, ...kept, tagsAll: inputs["tags"] ?? {} };
  }

  /** @throws Error for what AWS itself refuses to delete. */
  delete(type: string, name: string, id: string, state: Properties): void {
    const why = undeletable(type, (property) => plain(state[property]) === true);
    if (why !== undefined) throw new Error(`${name}: ${why}`);
    this.record({ operation: "delete", type, name, preview: false });
    this.addresses.removed(type, id, state);
    this.disks.removed(type, id, state);
    this.taken.delete(accountName(type, state) ?? "");
  }

  invoke(token: string, args: Properties): Properties {
    this.record({ operation: "invoke", type: token, name: "", preview: false });
    return answer(token, args, this.surroundings, this);
  }

  private take(type: string, outputs: Properties): void {
    const wanted = accountName(type, outputs);
    if (wanted === undefined) return;
    if (this.taken.has(wanted)) throw new Error(`AlreadyExistsException: ${wanted} exists already in this account`);
    this.taken.add(wanted);
  }

  private record(call: Call): void {
    this.calls.push(call);
  }
}

/** Type and name of a resource whose name is unique in its account and region; undefined for any other. */
function accountName(type: string, state: Properties): string | undefined {
  if (!uniquelyNamed.some((unique) => type.startsWith(`aws:${unique}:`))) return undefined;
  const property = type === "aws:cloudwatch/dashboard:Dashboard" ? "dashboardName" : (nameProperty(type) ?? "");
  return `${type} ${String(plain(state[property]))}`;
}

/** Why AWS would not delete it as it is: each bucket and vault is taken to hold something by then. */
function undeletable(type: string, isTrue: (property: string) => boolean): string | undefined {
  if (isTrue("deletionProtectionEnabled"))
    return "ValidationException: cannot be deleted while its deletion protection is on";
  if (isTrue("forceDestroy")) return undefined;
  if (type === "aws:s3/bucket:Bucket") return "BucketNotEmpty: The bucket you tried to delete is not empty";
  if (type === "aws:backup/vault:Vault") return "InvalidRequestException: the vault contains recovery points";
  if (isTrue("disableApiTermination")) return "OperationNotPermitted: the instance may not be terminated";
  return undefined;
}

/** The property that the provider fills with a name of its own making; undefined for types that have none. */
function nameProperty(type: string): string | undefined {
  if (type === "aws:s3/bucket:Bucket") return "bucket";
  return shapeOf(type).inputs.has("name") ? "name" : undefined;
}

function defaults(inputs: Properties): string[] {
  const listed = inputs["__defaults"];
  return Array.isArray(listed) ? (listed as string[]) : [];
}

/** In a preview what the provider will fill in is not known yet. */
function unknownOutputs(type: string, inputs: Properties): Properties {
  const unknown = [...shapeOf(type).outputs.keys()].filter((key) => inputs[key] === undefined);
  return { ...inputs, ...Object.fromEntries(unknown.map((key) => [key, UNKNOWN])) };
}

/** Whether a value holds an unknown at any depth. */
export function holdsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return value === UNKNOWN || (isObject(value) && Object.values(value).some(holdsUnknown));
}
