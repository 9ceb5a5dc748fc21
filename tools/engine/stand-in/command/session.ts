import type { Client, ClientChannel } from "ssh2";

/** The window and packet sizes ssh2 itself opens a session with. */
const WINDOW = 2 * 1024 * 1024;
const PACKET = 32 * 1024;

const LOST = "the SSH connection was lost";

/**
 * The parts of ssh2 1.17 below its published interface that this file needs: `Client.exec` sends environment variables
 * without asking for a reply, so a server's refusal would go unseen.
 */
interface Internals {
  readonly _chanMgr: { add(opened: OpenCallback): number };
  readonly _protocol: {
    session(channel: number, window: number, packet: number): void;
    env(channel: number, name: string, value: string, wantReply: boolean): void;
    exec(channel: number, command: string, wantReply: boolean): void;
  };
}

type OpenCallback = ((error: Error | undefined, channel: SessionChannel) => void) & { type: "session" };

type SessionChannel = Omit<ClientChannel, "subtype"> & {
  readonly outgoing: { readonly id: number };
  readonly _callbacks: ((failed: boolean | Error) => void)[];
  subtype: string;
};

/** A session on which variables can be set before one command is started. */
export class Session {
  private lost = false;

  private constructor(
    private readonly client: Internals,
    private readonly channel: SessionChannel,
    connection: Client,
  ) {
    connection.once("close", () => {
      this.lost = true;
    });
  }

  /** Opens a session. @throws Error when the server refuses one. */
  static open(client: Client): Promise<Session> {
    const internals = client as unknown as Internals;
    return new Promise((resolve, reject) => {
      client.once("close", () => {
        reject(new Error(LOST));
      });
      const opened = (error: Error | undefined, channel: SessionChannel): void => {
        if (error === undefined) resolve(new Session(internals, channel, client));
        else reject(error);
      };
      const local = internals._chanMgr.add(Object.assign(opened, { type: "session" as const }));
      internals._protocol.session(local, WINDOW, PACKET);
    });
  }

  /** Sets a variable; false when the server does not accept it (sshd's AcceptEnv). */
  async setEnvironment(name: string, value: string): Promise<boolean> {
    const accepted = this.reply();
    this.client._protocol.env(this.channel.outgoing.id, name, value, true);
    return accepted;
  }

  /** The command's standard input, output and error. Listeners must be in place before {@link start}: `exit` is not repeated. */
  get stream(): Omit<ClientChannel, "subtype"> {
    return this.channel;
  }

  /** Starts the command. @throws Error when the server refuses to. */
  async start(command: string): Promise<void> {
    const accepted = this.reply();
    this.channel.subtype = "exec";
    this.client._protocol.exec(this.channel.outgoing.id, command, true);
    if (!(await accepted)) throw new Error("the server refused to start the command");
  }

  private reply(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      // ssh2 answers what waits for a lost connection like a refusal, and never what is asked of one afterwards.
      if (this.lost) reject(new Error(LOST));
      this.channel._callbacks.push((failed) => {
        if (failed instanceof Error || this.lost) reject(new Error(LOST));
        else resolve(!failed);
      });
    });
  }
}
