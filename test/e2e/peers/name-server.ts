import { join } from "node:path";
import { endProcess, startInNamespace, waitUntil } from "./peer-process";

/** A running name server. */
export interface NameServer {
  stop(): Promise<void>;
}

/** Starts a name server at `listen` that knows some names and the address of each; raises with its last words when it does not listen within 10 s. */
export async function startNameServer(
  namespace: string,
  { listen, names }: { listen: string; names: Readonly<Record<string, string>> },
): Promise<NameServer> {
  const script = join(__dirname, "name-server.py");
  const server = startInNamespace(namespace, ["python3", "-B", script, listen, ...Object.entries(names).flat()]);
  let said = "";
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const stop = () => endProcess(server);
  try {
    await waitUntil(
      () => said.includes("ready"),
      10_000,
      () => `the name server does not listen: ${said}`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
