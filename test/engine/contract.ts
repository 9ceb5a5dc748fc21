import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { type Engine, ensureEngine } from "../../tools/engine/engine";
import { Project, type RemoteCommand } from "./project";
import { prepareSshServer, type SshServer } from "./ssh-server";

/** Building the CLI is part of the first test's preparation on a machine that has none (milliseconds). */
const ENGINE_LIMIT = 45 * 60_000;
const OPERATION_LIMIT = 120_000;
/** Milliseconds; the stand-ins look once a second. */
const NOTICE_LIMIT = 4_000;

interface Prepared {
  readonly engine: Engine;
  readonly folder: string;
  readonly project: Project;
  readonly server: SshServer;
}

/**
 * An engine, a project and an SSH server for one test file. Nothing here, nor in a test that uses it, knows whether the
 * official language host and command provider serve or the stand-ins.
 */
export class Contract {
  private prepared: Prepared | undefined;

  /** A folder for what commands on the host write; removed after the file's tests. */
  get folder(): string {
    return this.ready().folder;
  }

  get project(): Project {
    return this.ready().project;
  }

  get engine(): Engine {
    return this.ready().engine;
  }

  get server(): SshServer {
    return this.ready().server;
  }

  /** Registers the preparation before the file's tests, and after each that the stack is empty and no process is left. */
  static use(): Contract {
    const contract = new Contract();
    beforeAll(() => contract.prepare(), ENGINE_LIMIT);
    beforeEach(() => {
      contract.clearJournal();
    });
    afterEach(() => contract.empty(), OPERATION_LIMIT);
    afterAll(() => contract.remove());
    jest.setTimeout(OPERATION_LIMIT);
    return contract;
  }

  /** The lines that commands on the host have written since the test began. */
  lines(): string[] {
    return readFileSync(this.journal, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  }

  clearJournal(): void {
    writeFileSync(this.journal, "");
  }

  /** A shell command that writes one line into the journal. */
  write(line: string): string {
    return `echo ${line} >> ${this.journal}`;
  }

  /** Waits until a command has written that line. @throws Error after 20 s. */
  async journalHas(line: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!this.lines().includes(line)) {
      if (Date.now() > deadline) throw new Error(`no line "${line}" in the journal within 20 s`);
      await pause(50);
    }
  }

  /** A remote command on the server; `connection` overrides single settings of it. */
  remote(args: Omit<RemoteCommand, "connection">, connection: Record<string, unknown> = {}): RemoteCommand {
    return { connection: { ...this.server.connection, ...connection }, addPreviousOutputInEnv: false, ...args };
  }

  private get journal(): string {
    return join(this.folder, "journal");
  }

  private ready(): Prepared {
    if (this.prepared === undefined) throw new Error("used before beforeAll");
    return this.prepared;
  }

  private async prepare(): Promise<void> {
    const engine = await ensureEngine({ progress: (line) => process.stderr.write(`${line}\n`) });
    const folder = mkdtempSync(join(tmpdir(), "engine-contract-"));
    const server = await prepareSshServer(join(folder, "sshd"));
    await server.start();
    this.prepared = { engine, folder, server, project: await Project.create(join(folder, "project"), engine) };
  }

  private async empty(): Promise<void> {
    if (this.project.hasCommands()) expect(await this.project.destroy()).toMatchObject({ code: 0 });
    expect(await this.leftovers()).toEqual([]);
  }

  /** What still runs after a plugin has had time to notice that its engine is gone: a CLI that fails leaves it to that. */
  private async leftovers(): Promise<string[]> {
    const deadline = Date.now() + NOTICE_LIMIT;
    while (this.project.leftovers().length > 0 && Date.now() < deadline) await pause(100);
    return this.project.leftovers();
  }

  private async remove(): Promise<void> {
    if (this.prepared === undefined) return;
    await this.prepared.server.stop();
    rmSync(this.prepared.folder, { recursive: true, force: true });
  }
}
