import { statfsSync } from "node:fs";
import { run } from "../../../sandbox/command";
import { layoutOf } from "../../../sandbox/layout";

/** Leaves a sandbox's hosts so many bytes of disk, counted from now; a host's whole file system lies there. */
export async function leaveRoom(name: string, bytes: number): Promise<void> {
  const { hosts } = layoutOf(name);
  const { blocks, bfree, bsize } = statfsSync(hosts);
  await run(["mount", "-o", `remount,size=${(blocks - bfree) * bsize + bytes}`, hosts]);
}

/** Gives the room back. */
export async function giveRoom(name: string): Promise<void> {
  await run(["mount", "-o", "remount,size=50%", layoutOf(name).hosts]);
}
