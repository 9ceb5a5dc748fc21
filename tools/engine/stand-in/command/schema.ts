import { REMOTE_COMMAND } from "./provider";
import { REMOTE_COPY } from "./remote-copy";
import { CONNECTION_DEFAULTS } from "./inputs";

const CONNECTION = "command:remote:Connection";
const PROXY = "command:remote:ProxyConnection";
const LOGGING = "command:remote:Logging";

const text = (description: string, more: object = {}) => ({ type: "string", description, ...more });
const type = (token: string, description: string, more: object = {}) => ({
  $ref: `#/types/${token}`,
  description,
  ...more,
});

const { user, port, dialErrorLimit, perDialTimeout } = CONNECTION_DEFAULTS;
const endpoint = {
  host: text("Name or address of the machine."),
  user: text("User to log in as.", { default: user }),
  port: { type: "number", description: "Port of its SSH server.", default: port },
  password: text("Password of the user; a private key comes first.", { secret: true }),
  privateKey: text("Text of the private key to log in with.", { secret: true }),
  privateKeyPassword: text("Passphrase of the private key, if it is protected by one.", { secret: true }),
  agentSocketPath: text("Socket of an SSH agent. Default: the environment variable SSH_AUTH_SOCK."),
  hostKey: text("Public key the machine must show, as one line of authorized_keys; without it any key is accepted."),
  dialErrorLimit: {
    type: "integer",
    description: "Failed dials after which to give up; -1: never.",
    default: dialErrorLimit,
  },
  perDialTimeout: {
    type: "integer",
    description: "Seconds that one dial may take; 0: no limit.",
    default: perDialTimeout,
  },
};

const connection = type(CONNECTION, "How to reach the machine.", { secret: true });
const triggers = {
  type: "array",
  items: { $ref: "pulumi.json#/Any" },
  description: "Values whose change replaces the resource.",
  replaceOnChanges: true,
};

const commandInputs = {
  connection,
  create: text("Command that is run when the resource is created, and for a change when there is no `update`."),
  update: text("Command that is run when an input has changed."),
  delete: text("Command that is run when the resource is deleted."),
  stdin: text("Standard input of the command."),
  logging: type(LOGGING, "Which of the command's outputs are shown while it runs. Default: both."),
  environment: {
    type: "object",
    additionalProperties: { type: "string" },
    description: "Environment variables of the command; the SSH server must accept them (AcceptEnv).",
  },
  addPreviousOutputInEnv: {
    type: "boolean",
    description: "Whether the run before is in PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR. Default: true.",
  },
  triggers,
};

const copyInputs = {
  connection,
  remotePath: text("Path on the machine; folders on the way are made, and a folder that is there takes the file."),
  source: { $ref: "pulumi.json#/Asset", description: "The file, or the text, to copy." },
  triggers,
};

const LOGGED = {
  stdout: "standard output alone",
  stderr: "standard error alone",
  stdoutAndStderr: "both",
  none: "nothing",
};

const types = {
  [CONNECTION]: object("How to reach a machine.", {
    ...endpoint,
    proxy: type(PROXY, "The bastion in between, if there is one."),
  }),
  [PROXY]: object("How to reach a bastion.", endpoint),
  [LOGGING]: { type: "string", enum: Object.entries(LOGGED).map(([value, description]) => ({ value, description })) },
};

/** The package schema of the two resources that this provider has, as `pulumi package get-schema command` prints it. */
export function schema(version: string): object {
  return {
    name: "command",
    version,
    displayName: "Command",
    description:
      "Commands on, and copies to, a machine over SSH. A stand-in: the official provider has more resources.",
    license: "Apache-2.0",
    language: { nodejs: { respectSchemaVersion: true } },
    types,
    resources: {
      [REMOTE_COMMAND]: {
        description: "A command run on a machine.",
        inputProperties: commandInputs,
        requiredInputs: ["connection"],
        properties: {
          ...commandInputs,
          stdout: text("What the command wrote to standard output."),
          stderr: text("What the command wrote to standard error."),
        },
        required: ["connection", "stderr", "stdout"],
      },
      [REMOTE_COPY]: {
        description: "One file or text copied to a machine.",
        inputProperties: copyInputs,
        requiredInputs: ["connection", "remotePath", "source"],
        properties: copyInputs,
        required: ["connection", "remotePath", "source"],
      },
    },
  };
}

function object(description: string, properties: object): object {
  return { type: "object", description, properties, required: ["host"] };
}
