import { utils } from "ssh2";

import type { Endpoint } from "./inputs";

/** Refuses a private key that cannot be used. @throws Error with the input's path and what to do. */
export function checkKey({ privateKey, privateKeyPassword }: Endpoint, path: string): void {
  if (privateKey === undefined) return;
  const key = utils.parseKey(privateKey, privateKeyPassword);
  if (!(key instanceof Error)) return;
  // ssh2 names the reason only in words: /passphrase/ is in all of them, and only in them, that a passphrase would mend.
  if (!/passphrase/i.test(key.message))
    throw new Error(
      `${path}.privateKey: ${key.message}; give the whole text of an OpenSSH or PEM private key, from its BEGIN to its END line`,
    );
  if (privateKeyPassword === undefined)
    throw new Error(
      `${path}.privateKey is protected by a passphrase: give it as ${path}.privateKeyPassword (a secret), or use a key without one`,
    );
  throw new Error(`${path}.privateKeyPassword is not the passphrase of ${path}.privateKey: correct it`);
}
