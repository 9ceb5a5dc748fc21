import * as pulumi from "@pulumi/pulumi";
import type { PbxProfile } from "../core/profile/profile";
import { masterSecretDigest, secretsDigest } from "../core/secrets/derive-secrets";
import { secretName } from "../core/secrets/secret-name";
import type { AsteriskHostArgs } from "./asterisk-host-args";
import { hookName } from "./hook-name";
import { deliveredBy } from "./host-commands";

/** How many phones a message names. */
const shown = 10;

/** What is known of the owner's wish when the master secret is compared. */
export interface MasterSecretArgs {
  readonly masterSecret: pulumi.Input<string>;
  /** Whether the owner says that the master secret is a new one. */
  readonly accepted: boolean;
  readonly profile: PbxProfile;
  /** Passwords that the owner keeps, by phone. */
  readonly passwords?: AsteriskHostArgs["passwords"] | undefined;
}

/** What a change of the master secret does to the phones, in words, for a warning or a refusal. */
function whatChanges({ profile: { phones }, passwords = {} }: Omit<MasterSecretArgs, "masterSecret">): string {
  // Which passwords an output holds is not known yet; then more phones are named rather than fewer.
  const kept = pulumi.Output.isInstance(passwords) || passwords instanceof Promise ? [] : Object.keys(passwords);
  const changed = phones.filter(({ name, sipUser }) => sipUser === undefined || !kept.includes(name));
  const named = changed.slice(0, shown).map(({ name }) => name);
  const list = [...named, ...(changed.length > shown ? ["…"] : [])].join(", ");
  return `the user name or password of ${changed.length} of ${phones.length} phones (${list})`;
}

/** Warns, as long as a new master secret is accepted, of what it changes. */
export function warnOfNewMasterSecret(args: Omit<MasterSecretArgs, "masterSecret">, resource: pulumi.Resource): void {
  if (!args.accepted) return;
  const what = whatChanges(args);
  const words = `newMasterSecret: is true: a master secret that differs from the present one is accepted. If it differs, ${what} changes: enter or scan every new card. Remove newMasterSecret after this \`up\``;
  void pulumi.log.warn(words, resource);
}

/**
 * Stops preview and `up` when the stack's state was made with another master secret. The hook is for the resource whose state holds
 * what was delivered, because that state changes only once the host has taken it.
 */
export function masterSecretHooks(name: string, args: MasterSecretArgs): Pick<pulumi.CustomResourceOptions, "hooks"> {
  const monitor = pulumi.runtime.getMonitor() as { readonly registerResourceHook?: unknown } | undefined;
  // A program that is tested with mocks has nothing in which a hook could be registered; trying breaks it.
  if (args.accepted || typeof monitor?.registerResourceHook !== "function") return {};
  let present: string | undefined;
  // Still unknown at a preview when it comes out of a resource that is not there yet; then `up` compares.
  pulumi.output(args.masterSecret).apply((text) => {
    present = text;
  });
  const compare = async ({ oldInputs = {} }: pulumi.ResourceHookArgs) => {
    const { stdin, create } = oldInputs as Record<string, pulumi.Input<string> | undefined>;
    const [document, command] = await Promise.all([textOf(stdin), textOf(create)]);
    if (present === undefined || madeWith(present, command, document)) return;
    throw new Error(
      `masterSecret: is not the one that this stack's state was made with: ${whatChanges(args)} would change; nothing was changed. Give the right one (\`pulumi config set --secret pbx:masterSecret\`). To change it on purpose, set \`newMasterSecret: true\` (\`pulumi config set pbx:newMasterSecret true\`), run \`pulumi up\`, and enter or scan every phone's new card`,
    );
  };
  return {
    hooks: { beforeUpdate: [new pulumi.ResourceHook(hookName(`${name}-master-secret`), compare, { onDryRun: true })] },
  };
}

/** A text of the state's; the engine hands a secret one over as an output. */
function textOf(input: pulumi.Input<string> | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi.output(input).apply((text) => {
      resolve(text ?? "");
    });
  });
}

/** Whether a delivery was made with this master secret; what cannot be read is left to the host to judge. */
export function madeWith(masterSecret: string, command: string, document: string): boolean {
  const delivered = deliveredBy(command, document);
  if (delivered === undefined) return true;
  const { values, secrets } = delivered;
  const digest = values[secretName.masterDigest];
  // A state of a version without this digest holds one that is keyed by the master secret.
  return digest === undefined
    ? secretsDigest(masterSecret, values) === secrets
    : digest === masterSecretDigest(masterSecret);
}
