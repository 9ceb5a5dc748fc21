import type { Architecture } from "./architecture";

/** A Debian package of Amazon's, named by its bytes. */
export interface AgentPackage {
  readonly url: string;
  /** sha256 of the file, in hex. */
  readonly sha256: string;
}

/**
 * The agent that sends logs. Amazon publishes no digests: these are the ones that eight public repositories pin for this
 * version, one of which says that Amazon's signature of the file was valid (found November 2026). Were one wrong, the
 * host would refuse to install the file.
 */
export const cloudWatchAgentPackage: Readonly<Record<Architecture, AgentPackage>> = {
  amd64: cloudWatchAgent("amd64", "05baeadca96c4bb8e43906ed09cf0bebd0f321ff6d41987bdc46ce681de0978d"),
  arm64: cloudWatchAgent("arm64", "f84cbb6b193f80440f713ec3a2b2b6ed45a16f10d8f0fe38c01cbff9155cb3f9"),
};

/** The agent that takes orders and sessions; digests as two public repositories pin them (found November 2026). */
export const ssmAgentPackage: Readonly<Record<Architecture, AgentPackage>> = {
  amd64: ssmAgent("amd64", "777df4e0ac4bbc8d7d1b159db76cdb6614666bcc73141874414b8be68fb9cba3"),
  arm64: ssmAgent("arm64", "2ed75ecacf633af8b48568f1d468a4849ad006ff901f63761ecb9b0daa8d90d2"),
};

function cloudWatchAgent(architecture: Architecture, sha256: string): AgentPackage {
  const version = "1.300072.0b1766";
  const folder = `https://amazoncloudwatch-agent.s3.amazonaws.com/ubuntu/${architecture}/${version}`;
  return { url: `${folder}/amazon-cloudwatch-agent.deb`, sha256 };
}

function ssmAgent(architecture: Architecture, sha256: string): AgentPackage {
  const version = "3.3.5226.0";
  const folder = `https://s3.amazonaws.com/ec2-downloads-windows/SSMAgent/${version}/debian_${architecture}`;
  return { url: `${folder}/amazon-ssm-agent.deb`, sha256 };
}
