import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { progressOf } from "../../../tools/aws/smoke-progress";
import { runSmoke, summaryOf, timeOf } from "../../../tools/aws/smoke-run";
import { smokeSteps, type SmokeHost, type SmokeStep } from "../../../tools/aws/smoke-steps";

const nobody = {} as SmokeHost;

/** Steps that note that they ran; the named one fails. */
function steps(failing: string): { ran: string[]; list: SmokeStep[] } {
  const ran: string[] = [];
  const step = (name: string): SmokeStep => ({
    name,
    run: () => {
      ran.push(name);
      return name === failing ? Promise.reject(new Error("it is\nnot so")) : Promise.resolve();
    },
  });
  return { ran, list: [step("make"), step("look"), { ...step("clean"), always: true }] };
}

async function said(failing: string) {
  const { ran, list } = steps(failing);
  const lines: string[] = [];
  const results = await runSmoke(list, nobody, (line) => lines.push(line));
  return { ran, outcomes: results.map(({ outcome }) => outcome), text: `${lines.join("\n")}\n${summaryOf(results)}` };
}

test("each step is said with how it went, and the end sums up", async () => {
  const { outcomes, text } = await said("");
  expect(outcomes).toEqual(["passed", "passed", "passed"]);
  expect(text).toMatch(/1\/3 {2}make\n {5}passed, 0 s\n[\s\S]*3 passed, 0 failed, 0 left out, 0 s$/);
});

test("after a failure nothing is looked at any more, and everything is cleaned up", async () => {
  const { ran, outcomes, text } = await said("make");
  expect(ran).toEqual(["make", "clean"]);
  expect(outcomes).toEqual(["failed", "left out", "passed"]);
  expect(text).toContain("     FAILED, 0 s: it is\n     not so");
  expect(text).toContain('left out: "make" failed');
  expect(text).toMatch(/1 passed, 1 failed, 1 left out, 0 s$/);
});

test("what destroys is the last step, and is never left out", () => {
  expect(smokeSteps.map(({ always }) => always)).toEqual([...smokeSteps.slice(1).map(() => undefined), true]);
});

test("a port that answers fails its step", async () => {
  const ports = smokeSteps.filter(({ name }) => name.includes("TCP port"));
  const stack = { output: () => Promise.resolve("203.0.113.10") };
  const against = (open: number) =>
    runSmoke(
      ports,
      { stack, isOpen: (_host: string, port: number) => Promise.resolve(port === open) } as unknown as SmokeHost,
      () => undefined,
    );
  expect((await against(22)).map(({ why }) => why)).toEqual(["203.0.113.10 answers on 22"]);
  expect((await against(0)).map(({ outcome }) => outcome)).toEqual(["passed"]);
});

test("a time is read as a person says it", () => {
  expect([timeOf(59), timeOf(60), timeOf(3725)]).toEqual(["59 s", "1 min 0 s", "62 min 5 s"]);
});

test("the engine's lines go to a file, and a line of progress to the screen now and then", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "smoke-progress-"));
  const file = path.join(folder, "engine.log");
  const lines: string[] = [];
  let now = 0;
  const take = progressOf(
    file,
    (line) => lines.push(line),
    () => now,
  );
  take(" +  aws:ec2:Vpc pbx-vpc creating (0s)\n +  aws:ec2:Vpc pbx-vpc crea");
  now = 20_000;
  take("ted (3s)\n +  aws:kms:Key pbx-data-key created (1s)\n");
  take(" +  aws:kms:Key pbx-logs-key created (1s)\n");
  expect(lines).toEqual(["     2 resources done; + aws:kms:Key pbx-data-key created (1s)"]);
  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(5);
  rmSync(folder, { recursive: true });
});
