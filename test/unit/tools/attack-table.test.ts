import { variants } from "../../../sandbox/twin";
import { attackRow, figures, mergeRows, type RunBout } from "../../../tools/bench/attack-table";
import type { Attack } from "../../e2e/attacks/attack";
import { attacks } from "../../e2e/attacks/catalogue";

const attack: Attack = {
  name: "knocking",
  what: "knocks",
  measures: "knocks answered",
  goal: "≤ 3",
  weak: ["tutorial22"],
  run: () => Promise.resolve({ figure: 0, broken: false }),
};
const bout = (run: number, target: RunBout["target"], figure: number, broken: boolean): RunBout => ({
  ...{ run, target, attack: "knocking", took: 1 },
  outcome: { figure, broken, note: `of ${figure} | all` },
});

test("figures are a median, with the range where the runs differ", () => {
  expect([figures([3, 1, 2]), figures([60_000, 60_000]), figures([0.577, 0.5, 0.6])]).toEqual([
    "2 (1–3)",
    "60,000",
    "0.58 (0.5–0.6)",
  ]);
});

test("a row tells twin, host, in how many runs the host was broken, and what was noted in the worst", () => {
  const bouts = [
    ...[1, 2, 3].map((run) => bout(run, "tutorial22", 100 * run, true)),
    ...[bout(1, "hardened", 2, false), bout(2, "hardened", 4, true), bout(3, "hardened", 2, false)],
    bout(1, "hardened-udp", 3, false),
  ];
  expect(attackRow(attack, bouts, "abc")).toBe(
    "| knocking | knocks answered | ≤ 3 | tutorial22: 200 (100–300) | 2 (2–4); **broken** in 1 of 3 | 3; held in 1 of 1 | of 4 \\| all | abc |",
  );
});

test("an attack that no variant loses to is a check of conformance", () => {
  const bouts = [bout(1, "hardened", 0, false), bout(2, "hardened", 0, false)];
  expect(attackRow({ ...attack, weak: [] }, bouts, "abc")).toBe(
    "| knocking | knocks answered | ≤ 3 | (conformance) | 0; held in 2 of 2 |  | of 0 \\| all | abc |",
  );
});

test("new rows replace theirs, others stay, those of unknown attacks go", () => {
  const page = "| attack | counts |\n| --- | --- |\n| old | 1 |\n| kept   | 2 |\n| gone | 3 |\n";
  const table = mergeRows(
    page,
    ["new", "old", "kept"],
    new Map([
      ["new", "| new | 5 |"],
      ["old", "| old | 6 |"],
    ]),
  );
  expect(table.split("\n").slice(2)).toEqual(["| new | 5 |", "| old | 6 |", "| kept   | 2 |"]);
});

test("every attack has a name of its own", () => {
  const names = attacks.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
});

test("the weak variants of a patient attack, fought at the same time, are on hosts of their own", () => {
  const patient = attacks.filter((one) => one.patient === true);
  expect(patient).not.toEqual([]);
  for (const { weak } of patient) expect(new Set(weak.map((name) => variants[name].host)).size).toBe(weak.length);
});
