import { readFileSync } from "node:fs";
import path from "node:path";

const golden = path.join(__dirname, "../../golden/office/files/etc/asterisk/extensions.conf");

/** How many digits may follow the calling code in what a carrier is asked for, as the context `outbound` checks it before `Dial`. */
export const digitsBeforeDial = readCheck(readFileSync(golden, "utf8"));

function readCheck(extensions: string): { readonly fewest: number; readonly most: number } {
  const [, fewest, most] = /^\[outbound\].*\n.*=~ "\^\[\+\]\d+\[0-9\]\{(\d+),(\d+)\}\$"/m.exec(extensions) ?? [];
  if (fewest === undefined || most === undefined) throw new Error("[outbound] checks no length before Dial");
  return { fewest: Number(fewest), most: Number(most) };
}
