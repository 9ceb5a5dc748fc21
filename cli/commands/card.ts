import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { renderUnicodeCompact } from "uqr";
import { accountUri, cardOf, cardText, type Card } from "../phone-card";
import { asCliError, readInput } from "../read-input";
import { CliError, exitCode, type Terminal } from "../terminal";

const examples = `
Example:
  pulumi stack output credentials --json --show-secrets | hardened-asterisk card reception

The QR code holds the account as a sip: or sips: URI with its password: scan it with a
phone's camera to copy it. Secrets are read from standard input alone.`;

/** `hardened-asterisk card`: what to type into one phone. */
export function cardCommand(terminal: Terminal): Command {
  return new Command("card")
    .description("Prints what to type into a softphone, and a QR code of it.")
    .argument("<phone>", "the phone's name in the spec")
    .option("--ca <file>", "write the certificate that signed the PBX's own to this file, for a phone over TLS")
    .option("--no-qr", "leave out the QR code")
    .addHelpText("after", examples)
    .action(async (phone: string, options: { ca?: string; qr: boolean }) => {
      if (terminal.input.isTTY === true)
        throw new CliError(
          "standard input: is the keyboard; pipe in `pulumi stack output credentials --json --show-secrets`",
          exitCode.refused,
        );
      const card = cardOf(await readInput("-", terminal), phone);
      if (options.ca !== undefined) writeCertificate(card, phone, options.ca);
      terminal.print(cardText(phone, card));
      if (options.ca !== undefined) terminal.print(`${"CA".padEnd(12)}${options.ca}\n`);
      if (options.qr) terminal.print(`\n${renderUnicodeCompact(accountUri(card), { border: 2 })}\n`);
    });
}

function writeCertificate({ caCertificate }: Card, phone: string, file: string): void {
  if (caCertificate === undefined || caCertificate === "")
    throw new CliError(
      `--ca: "${phone}" has no CA certificate, since it does not use one; leave --ca out`,
      exitCode.refused,
    );
  try {
    writeFileSync(file, caCertificate, { mode: 0o644 });
  } catch (error) {
    throw asCliError(error, file);
  }
}
