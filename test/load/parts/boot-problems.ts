const escapes = /\x1b\[[0-9;]*[A-Za-z]/g;
const problem = /\b(?:WARNING|ERROR)\[\d+\]/;

/** Console lines without a level that 22.10.1 prints at every start, or whenever it starts without capabilities. */
const harmless = [
  /^Unable to install capabilities\.$/,
  /^PBX UUID: [0-9a-f-]{36}$/,
  /^Could not find option 'minimum_size' with type 'threadpool' in module 'stasis'$/,
  /^\[[\d: -]{19}\] (?:Asterisk 22\.\S+ built by |NOTICE\[\d+\] )/,
];

/** Lines of messages.log that warn. */
export function problemsInLog(text: string): string[] {
  return text.split("\n").filter((line) => problem.test(line));
}

/** Console lines that are not known to be harmless; before its logger runs, Asterisk prints without a level. */
export function problemsOnConsole(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(escapes, "").trim())
    .filter((line) => line !== "" && !harmless.some((known) => known.test(line)));
}
