import { basename, posix } from "node:path";

import type { Callback, Client, SFTPWrapper, Stats } from "ssh2";

/** Status "No such file" of the SFTP protocol (draft-ietf-secsh-filexfer-02, section 7). */
const NO_SUCH_FILE = 2;

/** A file to be written on the host: what it holds, and the name it has here, if it has one. */
export interface Upload {
  readonly content: Buffer;
  readonly name?: string;
}

/** Opens the host's file transfer. @throws Error when its SSH server does not offer one. */
export function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.sftp((error, sftp) => {
      if (error === undefined) resolve(sftp);
      else reject(new Error(`the server does not offer SFTP, which the copy needs: ${error.message}`));
    });
  });
}

/**
 * Writes a file to a path of the host. Folders on the way are made; a file goes into a folder that is there under its own name.
 *
 * @throws Error with the path when something on the way is no folder, or the host refuses.
 */
export async function upload(sftp: SFTPWrapper, remotePath: string, { content, name }: Upload): Promise<void> {
  try {
    const found = await status(sftp, remotePath);
    if (found?.isDirectory() === true && name === undefined)
      throw new Error(`${remotePath} is a directory: a text needs the path of a file`);
    if (found === undefined) await makeFolder(sftp, posix.dirname(remotePath));
    const path = found?.isDirectory() === true ? posix.join(remotePath, basename(name ?? "")) : remotePath;
    await done((callback) => {
      sftp.writeFile(path, content, callback);
    });
  } catch (error) {
    throw new Error(`copying to ${remotePath}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function makeFolder(sftp: SFTPWrapper, path: string): Promise<void> {
  const found = await status(sftp, path);
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw new Error(`${path} is not a directory`);
  await makeFolder(sftp, posix.dirname(path));
  try {
    await done((callback) => {
      sftp.mkdir(path, callback);
    });
  } catch (error) {
    // Two copies into one new folder run at once: the other may have made it meanwhile.
    if ((await status(sftp, path))?.isDirectory() !== true) throw error;
  }
}

/** What lies at a path of the host; undefined when nothing does. */
function status(sftp: SFTPWrapper, path: string): Promise<Stats | undefined> {
  return new Promise((resolve, reject) => {
    sftp.stat(path, (error: (Error & { code?: number }) | undefined, stats) => {
      if (error === undefined) resolve(stats);
      else if (error.code === NO_SUCH_FILE) resolve(undefined);
      else reject(error);
    });
  });
}

function done(start: (callback: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error === undefined || error === null) resolve();
      else reject(error);
    });
  });
}
