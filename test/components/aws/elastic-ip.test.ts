import * as pulumi from "@pulumi/pulumi";
import { foundElasticIp, ownerTag, type FoundElasticIp } from "../../../components/aws/elastic-ip";
import { awsPart } from "../../../components/aws/part";
import { madeBy, settled } from "./made-by-program";

const id = "eipalloc-0123456789abcdef0";
const tagCommand =
  "`aws ec2 create-tags --resources eni-0a --tags Key=hardened-asterisk:owner,Value=/hardened-asterisk/shop/dev/office`";
const disassociate = "`aws ec2 disassociate-address --association-id eipassoc-0a`";

/** An address that is associated with an interface of these tags; the provider leaves out what AWS does not tell. */
async function found(tags: Record<string, string> | undefined, instanceId = "i-0a"): Promise<FoundElasticIp> {
  const association = { networkInterfaceId: "eni-0a", associationId: "eipassoc-0a", instanceId };
  const answers = {
    "aws:ec2/getElasticIp:getElasticIp": () => ({ id, publicIp: "203.0.113.7", ...association }),
    "aws:ec2/getNetworkInterface:getNetworkInterface": () => ({
      id: "eni-0a",
      ...(tags === undefined ? {} : { tags }),
    }),
  };
  let address: unknown;
  await madeBy(
    () => {
      const part = awsPart("office", new pulumi.ComponentResource("test:index:Host", "office"), {});
      address = settled(foundElasticIp(part, id));
    },
    { answers, project: "shop", stack: "dev" },
  );
  return (await address) as FoundElasticIp;
}

async function refusalWith(tags: Record<string, string> | undefined, instanceId?: string): Promise<string> {
  const { fault } = await found(tags, instanceId);
  if (fault === undefined) throw new Error("nothing was refused");
  return fault;
}

test("an address of this stack's own interface is taken", async () => {
  const own = await found({ [ownerTag]: "/hardened-asterisk/shop/dev/office" });
  expect(own).toEqual({ id, publicIp: "203.0.113.7", fault: undefined });
});

test.each([
  ["without tags", undefined],
  ["with the caller's tags only", { team: "voice" }],
])("an interface %s may be this stack's own: the first cure is the tag, as a command", async (_, tags) => {
  const said = await refusalWith(tags);
  expect(said).toContain(`eipAllocationId: ${id} serves instance i-0a,`);
  expect(said).toContain("if that machine is this stack's own, made before ");
  const cures = [said.indexOf(tagCommand), said.indexOf("give another address"), said.indexOf(disassociate)];
  expect(cures).not.toContain(-1);
  expect(cures).toEqual([...cures].sort((a, b) => a - b));
});

test("an interface of another stack is not to be tagged", async () => {
  const said = await refusalWith({ [ownerTag]: "/hardened-asterisk/shop/live/office" });
  expect(said).not.toContain("create-tags");
  expect(said).toContain(disassociate);
});

test("the words name what the command does, and its price: nobody is told to release the address", async () => {
  for (const said of [await refusalWith(undefined), await refusalWith({ [ownerTag]: "/x" }, "")]) {
    expect(said).not.toMatch(/release/);
    expect(said).toMatch(/disassociate it, which takes what it serves offline, with `aws ec2 disassociate-address/);
  }
});
