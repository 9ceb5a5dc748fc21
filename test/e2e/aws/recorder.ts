import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../../../sandbox/command";

/** Where the recorder notes on the host that it runs. */
export const recorded = "/var/lib/recorder/started";

/** Builds a Debian package of the name and with the unit of AWS's agent, which only notes that it was started; its bytes. */
export async function recorderPackage(name: string, directory: string): Promise<Buffer> {
  const root = path.join(directory, name);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const facts = ["Version: 1.0", "Architecture: all", "Maintainer: nobody <nobody@example.com>"];
  write("DEBIAN/control", [`Package: ${name}`, ...facts, "Description: a recorder\n"].join("\n"));
  const start = `ExecStart=/bin/sh -c 'mkdir -p ${path.dirname(recorded)} && date >> ${recorded}'`;
  const unit = ["[Service]", "Type=oneshot", "RemainAfterExit=yes", start, "[Install]", "WantedBy=multi-user.target"];
  write(`usr/lib/systemd/system/${name}.service`, `${unit.join("\n")}\n`);
  const file = path.join(directory, `${name}.deb`);
  await run(["dpkg-deb", "--build", "--root-owner-group", root, file]);
  return readFileSync(file);
}
