import { shapeOf } from "../../../tools/engine/stand-in/aws/shape";
import { differences } from "../../../tools/engine/stand-in/aws/differences";
import { resourceType, resourceTypes } from "../../../tools/engine/stand-in/aws/types/table";

const types = Object.keys(resourceTypes);

test.each(types)("what replaces %s are inputs that it has", (token) => {
  const { replaces, replacesWhen = {} } = resourceType(token);
  const named = [...replaces, ...Object.keys(replacesWhen)].map((path) => path.split(".")[0] ?? path);
  expect(named.filter((input) => !shapeOf(token).inputs.has(input))).toEqual([]);
});

test.each([
  ["t3.small", "t3.medium", false],
  ["t3.small", "m7i-flex.large", false],
  ["t3.small", "t4g.small", true],
  ["a1.large", "c5.large", true],
])("a machine of %s that becomes %s is replaced only for another architecture", (before, after, replaces) => {
  const found = differences(
    { instanceType: before, tags: { a: "1" } },
    { instanceType: after, tags: { a: "2" } },
    resourceType("aws:ec2/instance:Instance"),
  );
  expect(found).toEqual([
    { path: "instanceType", kind: "update", replaces },
    { path: "tags.a", kind: "update", replaces: false },
  ]);
});
