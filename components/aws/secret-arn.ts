/** As AWS writes it, with the six characters that it adds to a secret's name. */
const secretArnForm =
  /^arn:([a-z-]+):secretsmanager:([a-z0-9-]+):([0-9]{12}):secret:[A-Za-z0-9/_+=.@-]{1,512}-[A-Za-z0-9]{6}$/;

/** What is wrong with the ARN of a secret for a host of this partition, region and account, with the cure. */
export function secretArnIssue(
  given: string,
  [partition, region, accountId]: readonly [string, string, string],
): string | undefined {
  const cure = `give one like "arn:${partition}:secretsmanager:${region}:${accountId}:secret:pbx-AbCdEf"`;
  const [, inPartition, inRegion, ofAccount] = secretArnForm.exec(given) ?? [];
  if (ofAccount === undefined) return `"${given.slice(0, 100)}" is not the ARN of a secret; ${cure}`;
  if (ofAccount !== accountId)
    return `is a secret of account ${ofAccount}, and the PBX is made in ${accountId}; its host reads one of its own account only: ${cure}`;
  if (inRegion !== region || inPartition !== partition)
    return `is a secret in ${inRegion ?? ""}, and the PBX is made in ${region}; make a replica there, or another secret, and ${cure}`;
  return undefined;
}
