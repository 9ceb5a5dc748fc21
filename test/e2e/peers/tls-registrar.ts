import { readFile } from "node:fs/promises";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";

const certificate = "/etc/asterisk/registrar.pem";

/** Runs a shell script on the twin and returns its output; raises with what it said when it fails. */
export async function onTwin(sandbox: Sandbox, script: string, input = ""): Promise<string> {
  const { code, stdout, stderr } = await execOn(sandbox, "twin", ["sh", "-c", script], { input });
  if (code !== 0) throw new Error(`${script}: ${stdout}${stderr}`);
  return stdout;
}

/** Lets the twin take registrations over TLS, with encrypted audio for its account 102; `pem` holds key and certificate. */
export async function makeTlsRegistrar(sandbox: Sandbox, pem: string): Promise<void> {
  const extra = [
    ...["[transport-tls]", "type=transport", "protocol=tls", "bind=0.0.0.0:5061", "method=tlsv1_2"],
    ...[`cert_file=${certificate}`, `priv_key_file=${certificate}`],
    ...["[102](+)", "media_encryption=sdes", ""],
  ];
  await onTwin(sandbox, "cat >> /etc/asterisk/pjsip.conf", extra.join("\n"));
  await useCertificate(sandbox, pem);
}

/** Restarts the twin with another key and certificate. */
export async function useCertificate(sandbox: Sandbox, pem: string): Promise<void> {
  await onTwin(sandbox, `cat > ${certificate} && chown asterisk ${certificate}`, await readFile(pem, "utf8"));
  await onTwin(sandbox, "systemctl restart asterisk && asterisk -rx 'core waitfullybooted'");
}
