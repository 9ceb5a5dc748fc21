#!/usr/bin/env node
import { runCli } from "./program";
import { processTerminal } from "./terminal";

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

void runCli(process.argv.slice(2), processTerminal).then((code) => {
  process.exitCode = code;
});
