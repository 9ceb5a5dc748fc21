/** One step of the dialplan as Asterisk holds it. */
export interface Step {
  readonly extension: string;
  readonly application: string;
  readonly data: string;
}

/** One context as Asterisk holds it. */
export interface Context {
  readonly includes: readonly string[];
  readonly steps: readonly Step[];
}

/** Context name → context. */
export type Dialplan = ReadonlyMap<string, Context>;

const step = /^(?:\[[^\]]+\])?\s*(\d+)\. (\w+)\((.*)\)\s+\[[^\]]+\]$/;

/** Reads the answer to `dialplan show`. Raises an `Error` with any line it does not understand. */
export function readDialplan(text: string): Dialplan {
  const contexts = new Map<string, { includes: string[]; steps: Step[] }>();
  let context: { includes: string[]; steps: Step[] } | undefined;
  let extension = "";
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("-= ")) continue;
    const name = /^\[ Context '([^']+)' created by '[^']+' \]$/.exec(line)?.[1];
    if (name !== undefined) {
      contexts.set(name, (context = { includes: [], steps: [] }));
      continue;
    }
    const included = /^Include =>\s+'([^']+)'\s+\[pbx_config\]$/.exec(line)?.[1];
    const [, named, rest = line] = /^'([^']+)' =>\s+(.*)$/.exec(line) ?? [];
    const [, , application, data] = step.exec(rest) ?? [];
    if (named !== undefined) extension = named;
    if (included !== undefined) context?.includes.push(included);
    else if (application !== undefined) context?.steps.push({ extension, application, data: data ?? "" });
    else throw new Error(`dialplan show: not understood: ${raw}`);
  }
  return contexts;
}

/** Names of dialplan functions a step calls, `GROUP` in `Set(GROUP(leg)=x)` and in `${GROUP(leg)}` alike. */
export function functionsOf({ application, data }: Step): string[] {
  const written = ["Set", "MSet"].includes(application) ? [...data.matchAll(/(?:^|,)_*(\w+)\(/g)] : [];
  return [...written, ...data.matchAll(/\$\{(\w+)\(/g)].flatMap(([, name]) => name ?? []);
}

/** Contexts a call in this context can go on to: by include, Goto, Gosub, and the subroutine options of Dial. */
export function nextContexts(own: string, { includes, steps }: Context): string[] {
  return [...includes, ...steps.flatMap((one) => targetsOf(own, one))];
}

/** Every context a call that enters `from` can reach, `from` among them. */
export function reachable(dialplan: Dialplan, from: string): Set<string> {
  const seen = new Set([from]);
  for (const name of seen) {
    const context = dialplan.get(name);
    if (context !== undefined) for (const next of nextContexts(name, context)) seen.add(next);
  }
  return seen;
}

/** Contexts that place a call on a trunk: those that Dial `PJSIP/<number>@<trunk>`. */
export function outsideContexts(dialplan: Dialplan): string[] {
  const dials = ({ application, data }: Step) => application === "Dial" && /^PJSIP\/[^,]*@/.test(data);
  return [...dialplan].filter(([, { steps }]) => steps.some(dials)).map(([name]) => name);
}

function targetsOf(own: string, { application, data }: Step): string[] {
  switch (application) {
    case "Goto":
      return [placeOf(own, data)];
    case "Gosub":
      return [placeOf(own, data.replace(/\(.*$/s, ""))];
    case "GosubIf":
      return [placeOf(own, data.slice(data.lastIndexOf("?") + 1))];
    case "GotoIf":
      return data
        .slice(data.lastIndexOf("?") + 1)
        .split(":")
        .filter((label) => label !== "")
        .map((label) => placeOf(own, label));
    case "Dial":
      return [...(data.split(",")[2] ?? "").matchAll(/[bBU]\(([^)^]+)\^/g)].flatMap(([, name]) => name ?? []);
    case "Hangup":
    case "HangupCauseClear":
    case "Log":
    case "MSet":
    case "Return":
    case "SoftHangup":
    case "Set":
      return [];
    default:
      throw new Error(`where does ${application}(${data}) in ${own} go on? Teach this reader before using it`);
  }
}

function placeOf(own: string, place: string): string {
  const parts = place.split(",");
  return parts.length === 3 ? (parts[0] ?? own) : own;
}
