/** One command that fail2ban's client would send its server: words, and numbers as text. */
export type ServerCommand = readonly string[];

/**
 * Reads the answer of `fail2ban-client -d`, one Python list a line. Words are taken, not evaluated: quotes within a word that
 * Python would escape are kept as they stand.
 */
export function readDump(text: string): ServerCommand[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("["))
    .map((line) =>
      [...line.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\b(\d+)\b/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? ""),
    );
}

/** The values a jail is given for a setting, such as `maxretry` or `addignoreip`. */
export function settingOf(commands: readonly ServerCommand[], jail: string, setting: string): string[] {
  return commands
    .filter(([verb, of, name]) => verb === "set" && of === jail && name === setting)
    .flatMap((c) => c.slice(3));
}
