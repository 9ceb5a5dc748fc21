import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../sandbox/command";

/** A certificate authority of a test's, with the files it signed; nothing is written outside its directory. */
export class Authority {
  private constructor(private readonly directory: string) {}

  /** Makes one, valid for a day. */
  static async make(directory: string): Promise<Authority> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const files = ["-keyout", join(directory, "ca.key"), "-out", join(directory, "ca.pem")];
    // Python 3.13 and later refuse a CA that does not say what its key is for.
    const use = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    await run(["openssl", "req", "-x509", ...newKey, "-days", "1", "-subj", "/CN=test authority", ...use, ...files]);
    return new Authority(directory);
  }

  /** Its own certificate, in PEM. */
  certificate(): Promise<string> {
    return readFile(join(this.directory, "ca.pem"), "utf8");
  }

  /** Path of a PEM file with a new key and its certificate, for one name such as `DNS:a.example` or `IP:192.0.2.2`. */
  async issue(name: string): Promise<string> {
    const file = (end: string) => join(this.directory, `${name.replace(/[^A-Za-z0-9.]/g, "-")}.${end}`);
    await run(["openssl", "req", ...newKey, "-subj", "/CN=carrier", "-keyout", file("key"), "-out", file("csr")]);
    const links = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid";
    await writeFile(file("ext"), `subjectAltName=${name}\n${links}\n`);
    const by = ["-CA", join(this.directory, "ca.pem"), "-CAkey", join(this.directory, "ca.key"), "-CAcreateserial"];
    const what = ["-in", file("csr"), "-extfile", file("ext"), "-out", file("crt"), "-days", "1"];
    await run(["openssl", "x509", "-req", ...by, ...what]);
    await writeFile(file("pem"), (await readFile(file("key"), "utf8")) + (await readFile(file("crt"), "utf8")), {
      mode: 0o600,
    });
    return file("pem");
  }
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
