import type { Installation } from "../../tools/operator/installation";
import { onHost } from "./scenario";

const folder = "/etc/hardened-asterisk/tls";

/** Days for which the certificate is valid that the PBX shows a phone. */
export async function daysShown(pbx: Installation): Promise<number> {
  const shown =
    "echo | openssl s_client -connect 127.0.0.1:5061 2>/dev/null | openssl x509 -noout -enddate | cut -d= -f2";
  return (Date.parse(await onHost(pbx, "sh", "-c", shown)) - Date.now()) / 86_400_000;
}

/** Puts a certificate into effect, of the machine's own CA and with the same names, that is valid for so many days. */
export async function showCertificateFor(pbx: Installation, days: number): Promise<void> {
  const sign = `openssl x509 -in ${folder}/host.pem -CA ${folder}/ca.pem -CAkey ${folder}/ca.key -days ${days} -out signed`;
  const replace = `{ openssl pkey -in ${folder}/host.pem; cat signed; } > both; cat both > ${folder}/host.pem`;
  await onHost(pbx, "sh", "-ec", `cd "$(mktemp -d)"; ${sign}; ${replace}; asterisk -rx 'module reload res_pjsip.so'`);
}
