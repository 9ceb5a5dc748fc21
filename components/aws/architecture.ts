/** Processor architectures by Debian's names. */
export type Architecture = "amd64" | "arm64";

/** The same in EC2's words. */
export const ec2Architecture: Readonly<Record<Architecture, "x86_64" | "arm64">> = { amd64: "x86_64", arm64: "arm64" };

const shape = /^(?<family>[a-z]+)(?<generation>\d+)?(?<attributes>[a-z]*)(?:-[a-z0-9]+)?\.[a-z0-9-]+$/;

/**
 * Architecture of an EC2 instance type, or undefined for what is no name of one. Graviton types have a `g` behind their
 * generation, or are `a1` (Amazon EC2 instance type naming conventions).
 */
export function architectureOf(instanceType: string): Architecture | undefined {
  // High-memory machines, named after their memory.
  if (/^u-[a-z0-9]+\.[a-z0-9-]+$/.test(instanceType)) return "amd64";
  const parts = shape.exec(instanceType)?.groups;
  if (parts?.["generation"] === undefined) return undefined;
  const graviton = parts["attributes"]?.includes("g") === true || instanceType.startsWith("a1.");
  return graviton ? "arm64" : "amd64";
}

/** Whether a type runs on CPU credits, such as `t3.small`; `t1` and `trn1` do not (Amazon EC2 User Guide, burstable performance instances). */
export const isBurstable = (instanceType: string): boolean => /^t[2-9]\d*[a-z]*\./.test(instanceType);

/** Architecture in the name of a Debian package file, for example `asterisk_22.10.1_amd64.deb`; undefined where there is none. */
export function packageArchitecture(fileName: string): Architecture | undefined {
  return /_(amd64|arm64)\.deb$/.exec(fileName)?.[1] as Architecture | undefined;
}
