import { readFileSync } from "node:fs";
import path from "node:path";

const page = path.join(__dirname, "../../../README.md");

/** README's section "Your own machine". */
function section(): string {
  const [, text] = /^## Your own machine\n([^]*?)^## /m.exec(readFileSync(page, "utf8")) ?? [];
  if (text === undefined) throw new Error('README.md has no section "Your own machine"');
  return text;
}

/** The lines that the section tells to type, in their order. */
export function linesToType(): string[] {
  const blocks = [...section().matchAll(/^```sh\n([^]*?)^```/gm)].map(([, code = ""]) => code);
  return blocks.flatMap((code) => code.trimEnd().split("\n"));
}

/** The command in the section's table that sets a key, such as `pbx:user`, with what the page says for it. */
export function settingOf(key: string): string {
  const [, command] = new RegExp(`^\\|.*\`(pulumi config set [^\`]*${key}\\b[^\`]*)\``, "m").exec(section()) ?? [];
  if (command === undefined) throw new Error(`README.md's table says no command that sets ${key}`);
  return command;
}
