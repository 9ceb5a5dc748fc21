import { readFileSync } from "node:fs";
import path from "node:path";
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { canonicalBundle, renderBundle, type CanonicalBundle } from "../core/bundle/render-bundle";
import { SpecError } from "../core/issue";
import { HostOs, isHostOs, platformOf } from "../core/platform/platforms";
import type { PbxProfile } from "../core/profile/profile";
import { resolveProfile } from "../core/profile/resolve-profile";
import { deriveSecrets, secretsDigest } from "../core/secrets/derive-secrets";
import { sha256 } from "../core/sha256";
import { parseSpec } from "../core/spec/parse-spec";
import type { AsteriskHostArgs, PhoneCard } from "./asterisk-host-args";
import { packageFile, packageIssues } from "./asterisk-package";
import { checkHostKey, connectionOf } from "./connection";
import { asUserError, domainOf, phoneCards } from "./phone-cards";
import {
  activateCommand,
  confirmCommand,
  deliveryDocument,
  generationOf,
  hostIdentity,
  packageFileName,
  settleCommand,
} from "./host-commands";
import type { HostReceipt } from "./host-receipt";
import { masterSecretHooks, warnOfNewMasterSecret } from "./master-secret";
import { reachHooks, unconfirmed } from "./reach-host";
import { packageRoot, readTemplates } from "./read-templates";
import { transferWarnings } from "../core/spec/transfer-warnings";

/**
 * Turns a reachable Debian machine into a hardened Asterisk PBX over SSH.
 *
 * Two required things, how to reach the host and what the PBX is to be, give a working PBX. Destroying it leaves the host
 * running and hardened.
 */
export class AsteriskHost extends pulumi.ComponentResource {
  /** What to type into each phone, by the phone's name. Secret. */
  public readonly credentials: pulumi.Output<Record<string, PhoneCard>>;
  /** What the host reported: generation, changed files, actions and probes. No secrets. */
  public readonly receipt: pulumi.Output<HostReceipt>;
  /** Name of the configuration that is live on the host. */
  public readonly generation: pulumi.Output<string>;

  /** @throws pulumi.RunError listing everything that is wrong with `args.pbx`. */
  constructor(name: string, args: AsteriskHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("hardened-asterisk:index:AsteriskHost", name, {}, opts);
    const profile = profileOf(args, (warning) => void pulumi.log.warn(warning, this));
    const delivery = prepareDelivery(args, profile, canonicalBundle(renderBundle(profile, readTemplates())));
    const { masterSecret, passwords, newMasterSecret: accepted = false } = args;
    warnOfNewMasterSecret({ accepted, profile, passwords }, this);
    const hooks = masterSecretHooks(name, { masterSecret, accepted, profile, passwords });
    const settled = runCommands(name, this, args, { ...delivery, ...hooks });

    this.generation = delivery.generation;
    this.receipt = settled.stdout.apply((text) => JSON.parse(text) as HostReceipt);
    this.credentials = phoneCards({ ...args, domain: domainOf(args) }, profile, this.receipt);
    this.registerOutputs({ credentials: this.credentials, receipt: this.receipt, generation: this.generation });
  }
}

function profileOf(args: AsteriskHostArgs, warn: (message: string) => void): PbxProfile {
  const { asteriskPackage, externalAddress } = args;
  if (args.os !== undefined && !isHostOs(args.os))
    throw new pulumi.RunError(`os: is ${JSON.stringify(args.os)}; take ${Object.values(HostOs).join(" or ")}`);
  const platform = platformOf(args.os);
  const parsed = parseSpec(args.pbx, new Date());
  const issues = [...("issues" in parsed ? parsed.issues : []), ...packageIssues(platform.os, asteriskPackage)];
  if ("issues" in parsed || issues.length > 0) throw new pulumi.RunError(new SpecError(issues).message);
  for (const { path, message } of [...parsed.warnings, ...transferWarnings(parsed.spec)]) warn(`${path}: ${message}`);
  const file = packageFile(asteriskPackage);
  try {
    return resolveProfile(parsed.spec, {
      platform,
      externalAddress: externalAddress !== undefined,
      asteriskPackage: file,
    });
  } catch (error) {
    throw error instanceof SpecError ? new pulumi.RunError(error.message) : error;
  }
}

interface PreparedDelivery {
  readonly generation: pulumi.Output<string>;
  readonly identity: pulumi.Output<string>;
  readonly activate: pulumi.Output<string>;
  /** The document the host reads: program, bundle and secrets. Secret. */
  readonly document: pulumi.Output<string>;
}

function prepareDelivery(args: AsteriskHostArgs, profile: PbxProfile, bundle: CanonicalBundle): PreparedDelivery {
  const agent = readFileSync(path.join(packageRoot(), "dist/host.pyz"));
  const loader = readFileSync(path.join(packageRoot(), "dist/loader.py.txt"), "utf8").trim();
  const hostKey = pulumi.output(args.connection.hostKey).apply(checkHostKey);
  const identity = pulumi
    .all([args.connection.host, hostKey, args.recheck])
    .apply(([host, key, recheck]) => hostIdentity(host, key, recheck));
  const values = pulumi
    .all([
      args.masterSecret,
      domainOf(args),
      args.externalAddress,
      args.passwords,
      args.trunkPasswords,
      args.logClientKey,
    ])
    .apply(([master, domain, externalAddress, passwords, trunkPasswords, logClientKey]) =>
      asUserError(() => ({
        master,
        values: deriveSecrets(master, profile, {
          domain,
          externalAddress,
          passwords,
          trunkPasswords,
          logClientKey,
          newMasterSecret: args.newMasterSecret,
        }),
      })),
    );
  const document = pulumi.secret(values.apply((v) => deliveryDocument(loader, agent, bundle.text, v.values)));
  // The digest is keyed: shown in a command line, it tells nothing about the values.
  const digests = pulumi.unsecret(
    values.apply((v) => ({ agent: sha256(agent), bundle: bundle.sha256, secrets: secretsDigest(v.master, v.values) })),
  );
  const activate = pulumi.all([digests, identity]).apply(([d, id]) => activateCommand(d, id));
  return { generation: digests.apply(generationOf), identity, activate, document };
}

/** Activate, then confirm and settle over a new connection each: what cannot be reached any more is rolled back by the host. */
function runCommands(
  name: string,
  parent: pulumi.Resource,
  args: AsteriskHostArgs,
  delivery: PreparedDelivery & Pick<pulumi.CustomResourceOptions, "hooks">,
): command.remote.Command {
  const connection = connectionOf(args.connection);
  const common = { connection, addPreviousOutputInEnv: false, logging: command.remote.Logging.Stderr };
  const hooks = (step: string, hint?: string) => reachHooks(`${name}-${step}`, parent, args.connection, hint);
  const copied = copyPackage(name, parent, connection, args.asteriskPackage, delivery.identity, hooks);
  const activate = new command.remote.Command(
    `${name}-activate`,
    { ...common, create: delivery.activate, stdin: delivery.document },
    { parent, dependsOn: copied, hooks: joined(delivery.hooks, hooks("activate")) },
  );
  const later = pulumi.all([delivery.generation, delivery.identity]);
  const confirm = new command.remote.Command(
    `${name}-confirm`,
    { ...common, create: later.apply(([generation, identity]) => confirmCommand(generation, identity)) },
    { parent, dependsOn: activate, hooks: hooks("confirm", unconfirmed) },
  );
  return new command.remote.Command(
    `${name}-settle`,
    { ...common, create: later.apply(([generation, identity]) => settleCommand(generation, identity)) },
    { parent, dependsOn: confirm, hooks: hooks("settle", unconfirmed) },
  );
}

/** Both bindings' hooks, the first one's first. */
function joined(
  first: pulumi.ResourceHookBinding | undefined,
  second: pulumi.ResourceHookBinding,
): pulumi.ResourceHookBinding {
  const both = (kind: "beforeCreate" | "beforeUpdate") => [...(first?.[kind] ?? []), ...(second[kind] ?? [])];
  return { ...first, ...second, beforeCreate: both("beforeCreate"), beforeUpdate: both("beforeUpdate") };
}

/** A package file on this machine goes to the host beside the document: as an asset, of which the state keeps only the digest. */
function copyPackage(
  name: string,
  parent: pulumi.Resource,
  connection: command.types.input.remote.ConnectionArgs,
  asteriskPackage: AsteriskHostArgs["asteriskPackage"],
  identity: pulumi.Output<string>,
  hooks: (step: string) => pulumi.ResourceHookBinding,
): pulumi.Resource[] {
  if (asteriskPackage?.path === undefined) return [];
  const source = new pulumi.asset.FileAsset(path.resolve(asteriskPackage.path));
  const remotePath = packageFileName(asteriskPackage.sha256);
  return [
    new command.remote.CopyToRemote(
      `${name}-package`,
      { connection, source, remotePath, triggers: [identity] },
      { parent, hooks: hooks("package") },
    ),
  ];
}
