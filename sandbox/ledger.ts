import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { layoutOf } from "./layout";
import { leftovers } from "./leftovers";

/**
 * The environment variable that names ledgers, as PATH names folders: files into which every process that inherits it writes the
 * name of each sandbox it makes, before anything of it is there.
 */
const ledgerVariable = "HARDENED_ASTERISK_LEDGER";

/** The environment of a process whose sandboxes, and those of its children, are written into one more ledger. */
export function withLedger(ledger: string): NodeJS.ProcessEnv {
  const ledgers = [...ledgersOf(process.env[ledgerVariable]), ledger];
  return { ...process.env, [ledgerVariable]: ledgers.join(delimiter) };
}

/** Writes a sandbox's name into the ledgers, if there are any. */
export function enterInLedger(name: string): void {
  for (const ledger of ledgersOf(process.env[ledgerVariable])) appendFileSync(ledger, `${name}\n`, { mode: 0o600 });
}

/** Notes in a sandbox whose directory was just made which ledgers it is in. */
export function markWithLedger(name: string): void {
  writeFileSync(layoutOf(name).ledger, process.env[ledgerVariable] ?? "", { mode: 0o600 });
}

/** The names in a ledger, without those of sandboxes that somebody else made later under the same name. */
export function namesInLedger(ledger: string): string[] {
  const names = new Set(existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").filter(Boolean) : []);
  return [...names].filter((name) => {
    const file = layoutOf(name).ledger;
    return !existsSync(file) || ledgersOf(readFileSync(file, "utf8")).includes(ledger);
  });
}

/** What is left of the sandboxes in a ledger, one line each; see {@link namesInLedger}. */
export function leftoversInLedger(ledger: string): string[] {
  const names = namesInLedger(ledger);
  return leftovers((name) => names.includes(name));
}

function ledgersOf(value = ""): string[] {
  return value.split(delimiter).filter(Boolean);
}
