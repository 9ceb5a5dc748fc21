import { Command } from "commander";
import { z } from "zod";
import { parseSpecText, SpecTextError } from "../../components/spec-text";
import type { PbxProfile } from "../../core/profile/profile";
import type { SecretContext } from "../../core/secrets/derive-secrets";
import { phoneCardsOf } from "../../core/secrets/phone-card";
import { isSecretMistake } from "../../core/secrets/secret-mistake";
import { storedSecrets, storedText } from "../../core/secrets/stored-secrets";
import { profileOf } from "../profile-of";
import { readInput } from "../read-input";
import { readSpec } from "../read-spec";
import { CliError, exitCode, type Terminal } from "../terminal";

const examples = `
Standard input is YAML or JSON: masterSecret, and where the spec needs them passwords (by
phone), trunkPasswords (by trunk) and logClientKey, as AsteriskHost takes them. Keep it in
a file that only you can read, or in your password store:

  (umask 077; echo "masterSecret: $(openssl rand -hex 32)" > master.yaml)

Examples:
  hardened-asterisk secrets spec.yaml < master.yaml |
    aws secretsmanager put-secret-value --secret-id pbx --secret-string file:///dev/stdin
  hardened-asterisk secrets spec.yaml --cards 203.0.113.10 < master.yaml |
    hardened-asterisk card reception

Secrets are read from standard input alone. Exit code 2: the spec or the input is refused;
3: there is no such file.`;

/** `hardened-asterisk secrets`: what the owner of a host on AWS puts into a secret of their own, so that no state holds it. */
export function secretsCommand(terminal: Terminal): Command {
  return new Command("secrets")
    .description("Prints what belongs into a secret of your own (`secretArn` of AwsAsteriskHost).")
    .argument("<spec>", "YAML or JSON file of a host on AWS")
    .option("--cards <address>", "instead: what to type into the phones of the host at this address, for `card`")
    .option("--new-master-secret", "say that the master secret may be another than the host's present one")
    .addHelpText("after", examples)
    .action(async (file: string, { cards, newMasterSecret }: { cards?: string; newMasterSecret?: true }) => {
      if (file === "-" || terminal.input.isTTY === true)
        throw new CliError(
          "standard input: is for the secrets; pipe them in, and give the spec as a file",
          exitCode.refused,
        );
      const profile = profileOf(await readSpec(file, terminal), { aws: true }, terminal);
      const owned = ownedSecrets(await readInput("-", terminal));
      terminal.print(`${asRefusal(() => textOf(profile, { ...owned, newMasterSecret }, cards))}\n`);
    });
}

const texts = z.record(z.string(), z.string("must be a text; put it in quotes")).optional();

const owned = z.strictObject(
  {
    masterSecret: z.string("must be a text, for example the output of `openssl rand -hex 32`; put it in quotes"),
    passwords: texts,
    trunkPasswords: texts,
    logClientKey: z.string("must be a private key in PEM").optional(),
  },
  "must be a mapping with masterSecret",
);

/** The message of a refusal repeats nothing of the text, which is secret. */
function ownedSecrets(text: string): z.infer<typeof owned> {
  let content: unknown;
  try {
    content = parseSpecText(text, "standard input");
  } catch (error) {
    if (!(error instanceof SpecTextError)) throw error;
    throw new CliError('standard input: is not YAML or JSON; write for example masterSecret: "…"', exitCode.refused);
  }
  const read = owned.safeParse(content);
  if (read.success) return read.data;
  const issues = read.error.issues.map(({ path, message, code }) =>
    code === "unrecognized_keys"
      ? "  has a key that is none of masterSecret, passwords, trunkPasswords, logClientKey"
      : `  ${path.join(".")}${path.length === 0 ? "" : ": "}${message}`,
  );
  throw new CliError(`standard input:\n${issues.join("\n")}`, exitCode.refused);
}

function textOf(
  profile: PbxProfile,
  { masterSecret, ...more }: z.infer<typeof owned> & Pick<SecretContext, "newMasterSecret">,
  address?: string,
): string {
  if (address === undefined) return storedText(storedSecrets(masterSecret, profile, more));
  return JSON.stringify(phoneCardsOf(profile, { masterSecret, passwords: more.passwords, domain: address }));
}

function asRefusal<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSecretMistake(error) ? new CliError(error.message, exitCode.refused) : error;
  }
}
