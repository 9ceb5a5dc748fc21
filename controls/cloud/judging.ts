import type { CloudFinding, Made } from "./cloud-control";
import type { ExceptionId } from "./exceptions";

/** The finding of a control that found nothing to object to. */
export const pass: CloudFinding = { result: "pass" };

/** The finding of a control that objects; one line for each fault, `resource: what is wrong`. */
export const fail = (...faults: string[]): CloudFinding => ({ result: "fail", faults });

/** The finding where an outside catalogue objects and the project has said why it stays so. */
export const except = (exception: ExceptionId): CloudFinding => ({ result: "exception", exception });

/** The finding of a control whose subject is not there. */
export const notApplicable = (reason: string): CloudFinding => ({ result: "not-applicable", reason });

/** The resources of one type; `type` as in `aws:ec2/instance:Instance`. */
export function ofType(resources: readonly Made[], type: string): Made[] {
  return resources.filter((made) => made.type === type);
}

/**
 * Passes when every resource of the type is without fault; `fault` says what is wrong with one, or nothing.
 * No resource of the type is a fault too: a control never passes for want of its subject.
 */
export function every(
  resources: readonly Made[],
  type: string,
  fault: (made: Made) => string | undefined,
): CloudFinding {
  const found = ofType(resources, type);
  if (found.length === 0) return fail(`${type}: there is none`);
  const faults = found.flatMap((made) => {
    const reason = fault(made);
    return reason === undefined ? [] : [`${made.name}: ${reason}`];
  });
  return faults.length === 0 ? pass : fail(...faults);
}

const gravity = ["fail", "unknown", "exception", "pass", "not-applicable"] as const;

/** The gravest of several findings; the faults of all are kept. */
export function all(...findings: readonly CloudFinding[]): CloudFinding {
  const faults = findings.flatMap((finding) => (finding.result === "fail" ? finding.faults : []));
  if (faults.length > 0) return fail(...faults);
  const worst = gravity.map((result) => findings.find((finding) => finding.result === result)).find(Boolean);
  return worst ?? { result: "unknown", reason: "nothing was judged" };
}

/** Whether an input is a reference to the resource: its id, ARN, name or another output of it. */
export function refersTo(input: unknown, made: Made): boolean {
  return typeof input === "string" && input !== "" && Object.values(made.outputs).includes(input);
}

/** The resource of the type that an input refers to. */
export function referred(resources: readonly Made[], type: string, input: unknown): Made | undefined {
  return ofType(resources, type).find((made) => refersTo(input, made));
}

/** An input that holds a policy in JSON, read. @throws Error when it is no JSON. */
export function policyIn(input: unknown): PolicyDocument {
  if (typeof input !== "string") throw new Error("a policy that is no text");
  return JSON.parse(input) as PolicyDocument;
}

/** As much of a policy document as judges read. */
export interface PolicyDocument {
  readonly Statement: readonly PolicyStatementRead[];
}

/** One statement of a policy document, as it is written. */
export interface PolicyStatementRead {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A field that may be one text or several, as several. */
export function texts(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
