import { Command } from "commander";
import type { Terminal } from "../terminal";
import { awsPolicyCommand } from "./aws-policy";

/** `hardened-asterisk aws`: what concerns an account of AWS. */
export function awsCommand(terminal: Terminal): Command {
  const aws = new Command("aws").description("Prints what an account of AWS needs for an AwsAsteriskHost.");
  return aws.addCommand(awsPolicyCommand(terminal));
}
