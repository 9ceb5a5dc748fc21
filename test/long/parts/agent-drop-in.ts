import { execOn, type Sandbox } from "../../../sandbox/sandbox";

const folder = "/run/systemd/system/hardened-asterisk-activate-.service.d";

/** Has systemd on the host run every later activation as these unit settings say; nothing of the agent is changed. */
export async function placeDropIn(sandbox: Sandbox, settings: readonly string[]): Promise<void> {
  const text = ["[Service]", ...settings, ""].join("\n");
  await must(sandbox, ["sh", "-ec", `mkdir -p ${folder}; cat > ${folder}/fault.conf; systemctl daemon-reload`], text);
}

/** Takes the settings of {@link placeDropIn} away again; fine when there are none. */
export async function removeDropIn(sandbox: Sandbox): Promise<void> {
  await must(sandbox, ["sh", "-ec", `rm -rf ${folder}; systemctl daemon-reload`]);
}

/** Writes a file below `/run/fault` on the host, readable by root alone. */
export async function placeFile(sandbox: Sandbox, name: string, text: string): Promise<void> {
  await must(sandbox, ["sh", "-ec", `umask 077; mkdir -p /run/fault; cat > /run/fault/${name}`], text);
}

async function must(sandbox: Sandbox, argv: readonly string[], input = ""): Promise<void> {
  const result = await execOn(sandbox, "pbx", argv, { input });
  if (result.code !== 0) throw new Error(`${argv.join(" ")}: ${result.stderr}`);
}
