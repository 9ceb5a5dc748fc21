import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { office } from "../../../tools/aws/office";
import { madeBy, ofType } from "./made-by-program";

const root = path.join(__dirname, "../../..");

/** What docs/aws-restore.md has a person type, by its key. */
const typed = Object.fromEntries(
  [...readFileSync(path.join(root, "docs/aws-restore.md"), "utf8").matchAll(/^pulumi config set (\w+) (\S+)/gm)].map(
    ([, key = "", value = ""]) => [key, value],
  ),
);

test("stacks/aws-minimal does what the commands of docs/aws-restore.md say", async () => {
  expect(Object.keys(typed).sort()).toEqual(["availabilityZone", "dataSnapshotId", "generation", "vpcCidr"]);
  const masterSecret = "0123456789abcdef0123456789abcdef";
  const config = { masterSecret, asteriskPackage: JSON.stringify(office.asteriskPackage), ...typed };
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`aws-minimal:${key}`, value])),
  );
  jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const answers = { "aws:ebs/getSnapshot:getSnapshot": () => ({ state: "completed", volumeSize: 10 }) };
  const program = () => import(path.join(root, "stacks/aws-minimal/index.ts"));
  const made = await madeBy(() => pulumi.output(program()).apply(() => undefined), { answers, project: "aws-minimal" });
  const [[volume], [subnet], [vpc]] = [
    ofType(made, "ebs/volume:Volume"),
    ofType(made, "ec2/subnet:Subnet"),
    ofType(made, "ec2/vpc:Vpc"),
  ];
  expect(volume?.inputs["snapshotId"]).toBe(typed["dataSnapshotId"]);
  expect(subnet?.inputs["availabilityZone"]).toBe(typed["availabilityZone"]);
  expect(vpc?.inputs["cidrBlock"]).toBe(typed["vpcCidr"]);
}, 120_000);
