import type { ChildProcess } from "node:child_process";

/** Milliseconds a program may use to end after SIGINT before it is killed; the official language host grants the same. */
const GRACE = 5_000;

/** The programs and plugins this language host started. */
export class Children {
  private readonly running = new Set<ChildProcess>();

  add(child: ChildProcess): void {
    this.running.add(child);
    child.once("close", () => this.running.delete(child));
  }

  /** Asks every child to end; what still runs after five seconds is killed. */
  interrupt(): void {
    for (const child of this.running) interruptChild(child);
  }

  /** Interrupts every child and waits until all have ended. */
  async end(): Promise<void> {
    this.interrupt();
    await Promise.all([...this.running].map((child) => new Promise((resolve) => child.once("close", resolve))));
  }
}

/** Asks one child to end (SIGINT) and kills it after five seconds. */
export function interruptChild(child: ChildProcess): void {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
  child.once("close", () => {
    clearTimeout(timer);
  });
}
