import { isObject, plain, type Properties, reveal, secret, UNKNOWN } from "../rpc/properties";

/** How to reach a host, defaults filled in. */
export interface Endpoint {
  readonly host: string;
  readonly user: string;
  readonly port: number;
  readonly password?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  /** Failed dials after which to give up; -1: never. */
  readonly dialErrorLimit: number;
  /** Seconds for one dial; 0: no limit. */
  readonly perDialTimeout: number;
  /** One line in authorized_keys form; without it any host key is accepted. */
  readonly hostKey?: string;
}

/** A host and the bastion in front of it, if any. */
export interface Connection extends Endpoint {
  readonly proxy?: Endpoint;
}

/** What a run of a remote command takes, all secrets revealed. */
export interface CommandInputs {
  readonly connection: Connection;
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly stdin?: string;
  readonly logging?: string;
  readonly environment?: Record<string, string>;
  readonly addPreviousOutputInEnv?: boolean;
}

/** What a copy takes, all secrets revealed. */
export interface CopyInputs {
  readonly connection: Connection;
  readonly remotePath: string;
  readonly source: { readonly path?: string; readonly text?: string };
}

/** Why an input cannot be used: its name and a sentence. */
export interface Refusal {
  readonly property: string;
  readonly reason: string;
}

/** The defaults @pulumi/command 1.2.1 documents for a connection and for its proxy. */
export const CONNECTION_DEFAULTS = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
const SECRETS = ["password", "privateKey", "privateKeyPassword"];
const NUMBERS = ["port", "dialErrorLimit", "perDialTimeout"];
const STRINGS = ["host", "user", ...SECRETS, "agentSocketPath", "hostKey"];

/**
 * The inputs as the official provider stores them: defaults filled in, keys and passwords secret inside a connection
 * that is secret as a whole. A stack that moves between the two providers then shows no change.
 */
export function checkedInputs(inputs: Properties): Properties {
  const connection = plain(inputs["connection"]);
  return isObject(connection) ? { ...inputs, connection: secret(checkedEndpoint(connection)) } : inputs;
}

function checkedEndpoint(endpoint: Properties): Properties {
  const secrets = Object.fromEntries(
    SECRETS.filter((name) => name in endpoint).map((name) => [name, secret(endpoint[name])]),
  );
  const proxy = plain(endpoint["proxy"]);
  return {
    ...CONNECTION_DEFAULTS,
    ...endpoint,
    ...secrets,
    ...(isObject(proxy) ? { proxy: checkedEndpoint(proxy) } : {}),
  };
}

/** Every reason why the inputs cannot be used; a value not yet known is accepted. */
export function refusals(inputs: Properties): Refusal[] {
  const values = reveal(inputs) as Properties;
  return [
    ...["create", "update", "delete", "stdin", "logging"].flatMap((name) => mistyped(values, name, "string")),
    ...mistyped(values, "addPreviousOutputInEnv", "boolean"),
    ...connectionRefusals(inputs),
  ];
}

/** Every reason why a connection cannot be used. */
export function connectionRefusals(inputs: Properties): Refusal[] {
  const { connection } = reveal(inputs) as Properties;
  return connection === UNKNOWN ? [] : endpointRefusals(connection, "connection");
}

function endpointRefusals(endpoint: unknown, path: string): Refusal[] {
  if (!isObject(endpoint)) return [{ property: path, reason: `${path} is required: an object with at least a host` }];
  const missing = { property: `${path}.host`, reason: `${path}.host is required: the machine's name or address` };
  return [
    ...(endpoint["host"] === undefined || endpoint["host"] === null ? [missing] : []),
    ...STRINGS.flatMap((name) => mistyped(endpoint, name, "string", `${path}.`)),
    ...NUMBERS.flatMap((name) => mistyped(endpoint, name, "number", `${path}.`)),
    ...(isObject(endpoint["proxy"]) ? endpointRefusals(endpoint["proxy"], `${path}.proxy`) : []),
  ];
}

function mistyped(object: Properties, name: string, type: "string" | "number" | "boolean", path = ""): Refusal[] {
  const value = object[name];
  if (value === undefined || value === null || value === UNKNOWN || typeof value === type) return [];
  return [{ property: path + name, reason: `${path}${name} must be a ${type}` }];
}

/** Inputs that {@link refusals} found nothing against, as the run takes them. */
export function commandInputs(properties: Properties): CommandInputs {
  return dropNulls(reveal(properties)) as CommandInputs;
}

/** The same for a copy. */
export function copyInputs(properties: Properties): CopyInputs {
  return dropNulls(reveal(properties)) as CopyInputs;
}

function dropNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, dropNulls(item)]));
}
