import { StagedHost } from "./staged-host";

/** Stages a host and waits to be killed; prints its first process's number on this machine. */
async function main(): Promise<void> {
  const host = await StagedHost.open([]);
  process.stdout.write(`open ${host.firstProcess}\n`);
  setInterval(() => undefined, 60_000);
}

void main();
