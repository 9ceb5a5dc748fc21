import type { ExceptionId } from "./exceptions";

/** One resource as it is asked for, or one question that is asked: what a mock, a preview or a policy pack sees. */
export interface Made {
  /** Pulumi's token of the type, for example `aws:ec2/instance:Instance`, or of the function, such as `aws:ec2/getAmi:getAmi`. */
  readonly type: string;
  /** Empty for a function. */
  readonly name: string;
  /** The arguments, secrets as their values; what a preview does not know is {@link unknownInput}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What others refer to it by: its `id`, `arn` and further outputs, as they appear in the inputs of others. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Stands for an input that is not known yet. Reading one makes the finding unknown, never a pass. */
export const unknownInput: unique symbol = Symbol("unknown input");

/** What one control finds in a set of resources. Unknown never counts as a pass. */
export type CloudFinding =
  | { readonly result: "pass" }
  | { readonly result: "exception"; readonly exception: ExceptionId }
  | { readonly result: "not-applicable"; readonly reason: string }
  | { readonly result: "unknown"; readonly reason: string }
  /** `faults`: one line each, `resource: what is wrong`. */
  | { readonly result: "fail"; readonly faults: readonly string[] };

/** One protection of the cloud around the host, judged on resource inputs. Never does I/O. */
export interface CloudControl {
  /** Row of the scorecard, 1 to 34. */
  readonly row: number;
  /** Ids in outside catalogues, for example `EC2.8`, `CKV_AWS_79`, `AWS-0028`. */
  readonly ids: readonly string[];
  /** What an attacker gains without it, in one sentence. */
  readonly threat: string;
  readonly judge: (resources: readonly Made[]) => CloudFinding;
}

class UnknownInputRead extends Error {}

/** Runs one control's judge; an input it needs and cannot know yet, or a judge that throws, gives an unknown finding. */
export function judgeCloud(control: CloudControl, resources: readonly Made[]): CloudFinding {
  try {
    return control.judge(resources.map(guarded));
  } catch (error) {
    return { result: "unknown", reason: error instanceof Error ? error.message : String(error) };
  }
}

function guarded(made: Made): Made {
  return { ...made, inputs: guard(made.inputs, made.name) as Made["inputs"] };
}

function guard(value: unknown, path: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      const at = `${path}.${String(key)}`;
      if (inner === unknownInput) throw new UnknownInputRead(`${at} is not known yet`);
      return typeof key === "symbol" || typeof inner === "function" ? inner : guard(inner, at);
    },
  });
}
