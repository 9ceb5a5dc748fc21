import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { layoutOf } from "./layout";
import { leftovers } from "./leftovers";

/**
 * The environment variable that names a ledger: a file into which every process that inherits it writes the name of each
 * sandbox it makes, before anything of it is there.
 */
export const ledgerVariable = "HARDENED_ASTERISK_LEDGER";

/** Writes a sandbox's name into the ledger, if there is one. */
export function enterInLedger(name: string): void {
  const ledger = process.env[ledgerVariable];
  if (ledger !== undefined) appendFileSync(ledger, `${name}\n`, { mode: 0o600 });
}

/** Notes in a sandbox whose directory was just made which ledger it is in. */
export function markWithLedger(name: string): void {
  writeFileSync(layoutOf(name).ledger, process.env[ledgerVariable] ?? "", { mode: 0o600 });
}

/** What is left of the sandboxes in a ledger, one line each; a sandbox of the same name that somebody else made is not counted. */
export function leftoversInLedger(ledger: string): string[] {
  const names = new Set(existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").filter(Boolean) : []);
  return leftovers((name) => names.has(name) && (ledgerOf(name) ?? ledger) === ledger);
}

function ledgerOf(name: string): string | undefined {
  const file = layoutOf(name).ledger;
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
