import { execOn, type Sandbox } from "../../../sandbox/sandbox";
import type { CommandResult } from "../../../sandbox/command";

/** A Command document, as far as it is used here (schema 2.2). */
interface CommandDocument {
  readonly parameters: Readonly<Record<string, { readonly type: string; readonly allowedPattern: string }>>;
  readonly mainSteps: readonly {
    readonly action: string;
    readonly inputs: { readonly runCommand: readonly string[] };
  }[];
}

/**
 * The script that the agent of Systems Manager makes of a document: values that their pattern does not match are refused,
 * every `{{ Name }}` is replaced as it stands, and the lines are joined.
 */
export function scriptOf(content: string, parameters: Readonly<Record<string, string>>): string {
  const document = JSON.parse(content) as CommandDocument;
  for (const [name, { allowedPattern }] of Object.entries(document.parameters)) {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the parameter ${name} is missing`);
    if (!new RegExp(allowedPattern).test(value)) throw new Error(`the parameter ${name} does not match its pattern`);
  }
  const unknown = Object.keys(parameters).filter((name) => !(name in document.parameters));
  if (unknown.length > 0) throw new Error(`the document knows no ${unknown.join(", ")}`);
  const [step, ...more] = document.mainSteps;
  if (step?.action !== "aws:runShellScript" || more.length > 0) throw new Error("not one aws:runShellScript");
  const script = step.inputs.runCommand.join("\n");
  return script.replace(/\{\{\s*(\w+)\s*\}\}/g, (word, name: string) => parameters[name] ?? word);
}

/** Runs a document on the host as root, as a child of its own, as the agent does. */
export async function runDocument(
  sandbox: Sandbox,
  content: string,
  parameters: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const script = "/run/delivery-script.sh";
  const put = await execOn(sandbox, "pbx", ["sh", "-c", `umask 077; cat > ${script}`], {
    input: scriptOf(content, parameters),
  });
  if (put.code !== 0) throw new Error(put.stderr);
  return execOn(sandbox, "pbx", ["sh", script], { timeout: 300_000 });
}
