import { sha256 } from "../../core/sha256";

/** Whose resources they are: the parts that every physical name has. */
export interface Owner {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the stack, without its organization. */
  readonly stack: string;
  /** Name of the component. */
  readonly component: string;
}

interface NameRule {
  /** Most characters of the name, or of the prefix to which the AWS provider adds 26 of its own. */
  readonly longest: number;
  /** True where AWS takes lower case only. */
  readonly lowerCase?: true;
}

/** Characters that the AWS provider adds to a name prefix. */
export const randomLength = 26;

/**
 * Limits of physical names by kind of resource, in characters, from the API reference of each service. Kinds with `Prefix` end
 * with random characters: their names stay taken after `pulumi destroy` (buckets, secrets), or a replacement is made before the
 * old one goes (policies, security groups).
 */
export const nameRules = {
  alarm: { longest: 255 },
  association: { longest: 128 },
  backupPlan: { longest: 50 },
  backupSelection: { longest: 50 },
  backupVault: { longest: 50 },
  bucketPrefix: { longest: 63 - randomLength, lowerCase: true },
  budget: { longest: 100 },
  dashboard: { longest: 255 },
  deliveryStream: { longest: 64 },
  document: { longest: 128 },
  eventRule: { longest: 64 },
  instanceProfile: { longest: 128 },
  policyPrefix: { longest: 128 - randomLength },
  prefixList: { longest: 255 },
  role: { longest: 64 },
  secretPrefix: { longest: 512 - randomLength },
  securityGroupPrefix: { longest: 255 - randomLength },
  topic: { longest: 256 },
} as const satisfies Readonly<Record<string, NameRule>>;

/** A kind of resource whose name has to be unique in its account and region. */
export type NamedKind = keyof typeof nameRules;

/** Most characters of a component's name: with it the role `NAME-PR-ST-DIGEST-archive-writer` has the 64 characters that IAM takes. */
export const longestComponent = nameRules.role.longest - "-pr-st".length - "-123456".length - "-archive-writer".length;

/** Fewest characters that are left of project, stack and component where all of them do not fit. */
const fewest = 2;

/**
 * Physical name `COMPONENT-PROJECT-STACK-DIGEST-SUFFIX`; a prefix ends with a dash. Where it would be too long for its kind, project
 * and stack are cut. The digest of all three is always there: without it `a-b` of stack `c` and `a` of stack `b-c` would be one name.
 * The component comes first, because Systems Manager takes no name that begins with `aws`, which a project may.
 * @throws Error for a suffix that leaves no room.
 */
export function physicalName(owner: Owner, kind: NamedKind, suffix = ""): string {
  const { longest, lowerCase }: NameRule = nameRules[kind];
  const end = ["", digest(owner), ...(suffix === "" ? [] : [suffix])].join("-") + (kind.endsWith("Prefix") ? "-" : "");
  const parts = [owner.component, owner.project, owner.stack].map(dashed);
  const name = cut(parts, longest - end.length - "--".length).join("-") + end;
  if (name.length > longest) throw new Error(`the suffix "${suffix}" is too long for a name of kind ${kind}`);
  return lowerCase === true ? name.toLowerCase() : name;
}

/** Most characters of a suffix: `archive-writer`. */
const longestSuffix = 14;

/**
 * Pattern of IAM that every {@link physicalName} of the owner and kind matches, whatever its suffix. The digest is always in it; of project, stack
 * and component what no suffix cuts.
 */
export function namePattern(owner: Owner, kind: NamedKind): string {
  const [whole, most] = [physicalName(owner, kind), physicalName(owner, kind, "x".repeat(longestSuffix))];
  const end = whole.lastIndexOf(digest(owner));
  if (most.startsWith(whole.slice(0, end))) return `${whole.slice(0, end)}${digest(owner)}*`;
  let differs = 0;
  while (most[differs] === whole[differs]) differs += 1;
  return `${most.slice(0, differs)}*-${digest(owner)}*`;
}

/** Most characters of {@link namePath}: CloudWatch takes 255 for a saved query, whose own name follows. */
const longestPath = 200;

/** Folder of log groups and saved queries, with a slash before and none behind: `/hardened-asterisk/PROJECT/STACK/COMPONENT`. */
export function namePath(owner: Owner): string {
  const { component, project, stack } = owner;
  const path = (parts: readonly string[]) => ["", "hardened-asterisk", ...parts].join("/");
  const whole = path([project, stack, component]);
  if (whole.length <= longestPath) return whole;
  const end = `-${digest(owner)}`;
  const [, shortProject = "", shortStack = ""] = cut(
    [component, project, stack],
    longestPath - path(["", "", ""]).length - end.length,
  );
  return path([shortProject, shortStack + end, component]);
}

/** Cuts what is longest of all but the first, and the first only once nothing else can be cut. */
function cut([first = "", ...others]: readonly string[], room: number): string[] {
  const parts = [first, ...others];
  const tooLong = () => parts.reduce((sum, part) => sum + part.length, 0) > room;
  const shorten = (indexes: readonly number[]) => {
    const longest = indexes.reduce((a, b) => ((parts[b] ?? "").length > (parts[a] ?? "").length ? b : a));
    const part = parts[longest] ?? "";
    if (part.length <= fewest) return false;
    parts[longest] = part.slice(0, -1);
    return true;
  };
  const rest = others.map((_, index) => index + 1);
  while (tooLong() && (shorten(rest) || shorten([0])));
  return parts;
}

/** Six characters that differ for every two owners. */
const digest = ({ project, stack, component }: Owner) => sha256([project, stack, component].join("/")).slice(0, 6);

/** The characters that every service takes. */
const dashed = (text: string) => text.replace(/[^A-Za-z0-9-]/g, "-");
