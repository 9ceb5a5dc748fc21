import { readTable } from "../../e2e/peers/sipvicious";

test("svcrack's table is read, and its other words are not", () => {
  const rule = "+-----------+----------+";
  const lines = [rule, "| Extension | Password |", "+===========+==========+", "| 101       | 1234     |", rule];
  expect(readTable(lines.join("\n"))).toEqual(new Map([["101", "1234"]]));
  expect(readTable("WARNING:root:found nothing\n")).toEqual(new Map());
});
