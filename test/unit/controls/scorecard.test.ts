import { unknownInput, type CloudControl, type Made } from "../../../controls/cloud/cloud-control";
import { all, every, except, fail, notApplicable, pass, policyIn, referred } from "../../../controls/cloud/judging";
import { findingText, inOrder, rows, scorecard } from "../../../controls/cloud/scorecard";
import { cloudControls } from "../../../controls/cloud/table";

const volume = (inputs: Record<string, unknown>): Made => ({
  type: "aws:ebs/volume:Volume",
  name: "data",
  inputs,
  outputs: { id: "vol-1", arn: "arn:vol-1" },
});
const encrypted: CloudControl = {
  row: 2,
  ids: ["CKV_AWS_3"],
  threat: "A copied disk is read.",
  judge: (made) =>
    every(made, "aws:ebs/volume:Volume", ({ inputs }) =>
      inputs["encrypted"] === true ? undefined : "is not encrypted",
    ),
};
const second = (resources: readonly Made[]) => scorecard([encrypted], resources)[1];

test("a scorecard has 34 rows, and a row that nothing judges is not in order", () => {
  expect(rows).toHaveLength(34);
  const card = scorecard([], []);
  expect(card.map(({ row }) => row)).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
  expect(card.filter(inOrder)).toEqual([]);
});

test("pass, fault and want of the subject", () => {
  expect(second([volume({ encrypted: true })])?.finding).toEqual(pass);
  expect(second([volume({ encrypted: true }), volume({})])?.finding).toEqual(fail("data: is not encrypted"));
  expect(second([])?.finding).toEqual(fail("aws:ebs/volume:Volume: there is none"));
});

test("what is not known yet never passes, at any depth", () => {
  expect(second([volume({ encrypted: unknownInput })])?.finding).toEqual({
    result: "unknown",
    reason: "data.encrypted is not known yet",
  });
  const deep = {
    ...encrypted,
    judge: (made: readonly Made[]) =>
      all(...made.map(({ inputs }) => ((inputs["a"] as { b: unknown[] }).b[0] === 1 ? pass : fail()))),
  };
  expect(scorecard([deep], [volume({ a: { b: [unknownInput] } })])[1]?.finding).toMatchObject({
    result: "unknown",
    reason: "data.a.b.0 is not known yet",
  });
});

test("the gravest finding of a row counts, and all faults are told", () => {
  expect(all(pass, except("E1"), notApplicable("x"))).toEqual(except("E1"));
  expect(all(pass, { result: "unknown", reason: "?" }, except("E1"))).toMatchObject({ result: "unknown" });
  expect(all(fail("a"), pass, fail("b"))).toEqual(fail("a", "b"));
  expect(all(notApplicable("x"), pass)).toEqual(pass);
  expect(all()).toMatchObject({ result: "unknown" });
});

test("a judge that throws is unknown, and says why", () => {
  const broken = { ...encrypted, judge: () => (policyIn("{"), pass) };
  expect(scorecard([broken], [])[1]?.finding.result).toBe("unknown");
});

test("references are found by any output", () => {
  expect(referred([volume({})], "aws:ebs/volume:Volume", "arn:vol-1")?.name).toBe("data");
  expect(referred([volume({})], "aws:ebs/volume:Volume", "arn:vol-2")).toBeUndefined();
});

test("rows about what is not made are unknown as soon as it is made", () => {
  const card = scorecard(cloudControls, []);
  for (const row of [10, 25, 31, 33, 34]) expect(card[row - 1]?.finding.result).toBe("not-applicable");
  const lambda: Made = { type: "aws:lambda/function:Function", name: "f", inputs: {}, outputs: {} };
  expect(scorecard(cloudControls, [lambda])[33]?.finding.result).toBe("unknown");
});

test("every control names a row that exists, ids and a threat", () => {
  for (const { row, ids, threat } of cloudControls) {
    expect(rows[row - 1]).toBeDefined();
    expect(ids.length).toBeGreaterThan(0);
    expect(threat).toMatch(/\.$/);
  }
});

test("an image is looked for by its owner, or is the very one that the caller names", () => {
  const search = (inputs: Record<string, unknown>): Made => ({
    type: "aws:ec2/getAmi:getAmi",
    name: "",
    inputs,
    outputs: {},
  });
  const row = (inputs: Record<string, unknown>) => scorecard(cloudControls, [search(inputs)])[31]?.finding.result;
  const filters = [{ name: "name", values: ["debian-13-*"] }];
  expect(row({ owners: ["136693071363"], filters })).toBe("pass");
  expect(row({ filters: [{ name: "image-id", values: ["ami-1"] }] })).toBe("pass");
  expect(row({ filters })).toBe("fail");
  expect(row({ owners: ["anybody"], filters })).toBe("fail");
});

test("a finding reads as one cell", () => {
  expect(findingText(except("E1"))).toMatch(/^E1: EC2\.9: a PBX/);
  expect(findingText(fail("a", "b"))).toBe("FAIL: a; b");
});
