import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { eventually } from "../e2e/faults/settled";
import { tallied } from "../e2e/faults/tally";
import { freshSpec, say, useBench } from "./parts/long-bench";
import { forgetSteps, orderStep, stepsSeen } from "./parts/steps";
import { readTrace, traceStopped, type DiskEvent } from "./parts/system-calls";

const minutes = 60_000;
const name = "testlongsync";
const record = "/var/lib/hardened-asterisk/transaction.json";
const bench = useBench(name);

const lastOf = (events: readonly DiskEvent[], wanted: (event: DiskEvent) => boolean) =>
  events.map(wanted).lastIndexOf(true);

/** Everything that was not durable yet when a commit record was written, one line each; and what lay on the wrong side of one. */
function faults(events: readonly DiskEvent[]): string[] {
  const commits = events.flatMap((event, index) => (event.kind === "rename" && event.path === record ? [index] : []));
  const between = (from: number, to: number, kind: string, path: string) =>
    events.slice(from, to).some((event) => event.kind === kind && event.path === path);
  const next = (index: number) => commits.find((commit) => commit > index) ?? events.length;
  const [open = 0, armed = 0] = commits;
  return events.flatMap((event, index) => {
    const lines: string[] = [];
    const { kind, path: target } = event;
    if (kind === "rename") {
      const created = lastOf(events.slice(0, index), (one) => one.kind === "create" && one.path === event.from);
      if (!between(created, index, "fsync", event.from)) lines.push(`${target} took its place before it was synced`);
    }
    if (["rename", "unlink", "mkdir"].includes(kind) && !between(index, next(index), "fsync", path.dirname(target)))
      lines.push(`the directory of ${target} was not synced before the next record`);
    const live = kind === "rename" && !target.startsWith("/var/lib/hardened-asterisk/");
    if (live && !(open < index && index < armed)) lines.push(`${target} was changed outside the transaction`);
    return lines;
  });
}

const syncedBeforeArmed = (events: readonly DiskEvent[]) => {
  const armed = lastOf(events, ({ kind, path }) => kind === "rename" && path === record);
  const swapped = lastOf(events, ({ kind, path }) => kind === "rename" && path.startsWith("/etc/"));
  return events.slice(swapped, armed).some(({ kind }) => kind === "sync");
};

test("what is not synced in time is seen in a trace", () => {
  const trace = (fsync: string) =>
    readTrace(
      [
        'openat(AT_FDCWD, "/etc/a.new", O_WRONLY|O_CREAT|O_EXCL, 0600) = 4',
        fsync,
        'rename("/etc/a.new", "/etc/a") = 0',
        'openat(AT_FDCWD, "/etc", O_RDONLY|O_DIRECTORY) = 4',
        "fsync(4) = 0",
      ].join("\n"),
    );
  expect(faults(trace("fsync(4) = 0"))).toEqual(["/etc/a was changed outside the transaction"]);
  expect(faults(trace("getpid() = 4"))).toContain("/etc/a took its place before it was synced");
  expect(faults(trace("fsync(4) = 0").slice(0, -1))).toContain(
    "the directory of /etc/a was not synced before the next record",
  );
});

test(
  "files and directories are synced before each commit record",
  () =>
    tallied("traced: every file and directory is synced before each commit record", 1, async () => {
      const { sandbox } = bench().pbx;
      const folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-trace-"));
      const next = freshSpec(bench().confirmed);
      await orderStep(sandbox, { what: "stop", step: 1 });
      const delivery = bench().deliver(next);
      try {
        await eventually(90_000, async () => ((await stepsSeen(sandbox)) === undefined ? "on its way" : undefined));
        const trace = await traceStopped(name, "at-step.py", path.join(folder, "trace"));
        // What lies below /run is memory.
        const events = trace.filter(({ path }) => !path.startsWith("/run/"));
        expect((await delivery).code).toBe(0);
        const renames = events.filter(({ kind }) => kind === "rename");
        const commits = renames.filter((event) => event.path === record);
        say(`${events.length} events, ${renames.length} files renamed into place, ${commits.length} commit records`);
        expect(commits.length).toBe(2);
        expect(renames.length).toBeGreaterThan(30);
        expect(faults(events)).toEqual([]);
        expect(syncedBeforeArmed(events)).toBe(true);
      } finally {
        rmSync(folder, { recursive: true });
        await forgetSteps(sandbox);
      }
      await bench().converge(next);
      return "new" as const;
    }),
  4 * minutes,
);
