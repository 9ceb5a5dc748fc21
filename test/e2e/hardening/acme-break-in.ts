import { readFileSync } from "node:fs";
import path from "node:path";
import { execOn, type Sandbox } from "../../../sandbox/sandbox";
import type { Outcome } from "./break-in";

const handed = "/run/hardened-asterisk/acme";
const unit = "/etc/hardened-asterisk/acme/hardened-asterisk-acme.service";

// The attempts are written in Python: it is let run in the client's place, and everything else of the unit stays as it is.
const run = `set -e
python=$(readlink -f /usr/bin/python3)
mkdir -p -m 0700 ${handed} /run/as-root
touch ${handed}/key.pem ${handed}/request.pem ${handed}/ca.pem
chmod 0600 ${handed}/*
{
  sed '/^ExecStart/d; s/^StandardOutput=.*/StandardOutput=truncate:\\/run\\/break-in.json/' ${unit}
  echo "[Service]"
  echo "ExecStart=$python -I /run/break-in.py $1 /var/lib/hardened-asterisk-acme"
  echo "ExecPaths=$python"
} > /run/systemd/system/break-in.service
systemctl daemon-reload
systemctl start break-in.service
cat /run/break-in.json
echo
python3 -I /run/break-in.py "$1" /run/as-root
rm -r /run/break-in.* /run/systemd/system/break-in.service ${handed} /run/as-root
systemctl daemon-reload
`;

/** What each attempt of `acme-break-in.py` came to in the sandbox of the ACME client, and as root outside it; raises when they cannot be run. */
export async function breakIntoClient(
  sandbox: Sandbox,
  key: string,
): Promise<{ readonly confined: Outcome; readonly asRoot: Outcome }> {
  const attempts = readFileSync(path.join(__dirname, "acme-break-in.py"), "utf8");
  await execOn(sandbox, "pbx", ["sh", "-c", "cat > /run/break-in.py"], { input: attempts });
  const { code, stdout, stderr } = await execOn(sandbox, "pbx", ["sh", "-s", key], { input: run });
  if (code !== 0) throw new Error(`the break-in could not be tried: ${stdout}${stderr}`);
  const [confined = "", asRoot = ""] = stdout.trim().split("\n");
  return { confined: JSON.parse(confined) as Outcome, asRoot: JSON.parse(asRoot) as Outcome };
}
