import { takeNetstrings, toNetstring } from "../../e2e/peers/netstring";

test("netstrings survive being cut anywhere", () => {
  const texts = ['{"a":1}', "", "péer,:3"];
  const bytes = Buffer.from(texts.map(toNetstring).join(""));
  for (let cut = 0; cut <= bytes.length; cut++) {
    const first = takeNetstrings(bytes.subarray(0, cut));
    const second = takeNetstrings(Buffer.concat([first.rest, bytes.subarray(cut)]));
    expect([...first.texts, ...second.texts]).toEqual(texts);
    expect(second.rest).toHaveLength(0);
  }
});

test("what is no netstring is refused", () => {
  expect(() => takeNetstrings(Buffer.from("HTTP/1.1: no"))).toThrow("not a netstring");
});
