import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sha256 } from "../../../core/sha256";
import { run } from "../../../sandbox/command";

/** A package that takes the place of Amazon's agent, which cannot be had here. */
export interface StandInPackage {
  readonly content: Buffer;
  readonly sha256: string;
}

const home = "/opt/aws/amazon-cloudwatch-agent";

/** The agent's own unit (packaging/dependencies of its repository, 1.300071). */
const unit = `[Unit]
Description=Stand-in for the Amazon CloudWatch Agent
After=network.target

[Service]
Type=simple
ExecStart=${home}/bin/start-amazon-cloudwatch-agent
KillMode=process
Restart=on-failure
RestartSec=60s

[Install]
WantedBy=multi-user.target
`;

/** Becomes `cwagent` as the agent does, groups of /etc/group and all, and notes which of the files it is told to read it can read. */
const program = `#!/usr/bin/python3
import grp, json, os, pwd, time

told = json.load(open("${home}/etc/amazon-cloudwatch-agent.json"))
user = pwd.getpwnam(told["agent"]["run_as_user"])
for folder, _, names in os.walk("${home}/etc"):
    for path in [folder, *(os.path.join(folder, name) for name in names)]:
        os.chown(path, user.pw_uid, user.pw_gid)
os.setgroups([group.gr_gid for group in grp.getgrall() if user.pw_name in group.gr_mem])
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
while True:
    can = {}
    for entry in told["logs"]["logs_collected"]["files"]["collect_list"]:
        try:
            open(entry["file_path"], "rb").close()
            can[entry["file_path"]] = True
        except OSError as problem:
            can[entry["file_path"]] = problem.strerror
    for path in ("/etc/asterisk/pjsip.conf", "/etc/shadow", "/run/asterisk/asterisk.ctl"):
        can[path] = os.access(path, os.R_OK)
    with open("${home}/etc/reads.json", "w") as handle:
        json.dump(can, handle)
    time.sleep(2)
`;

/** Builds the package in `folder`. */
export async function buildStandIn(folder: string): Promise<StandInPackage> {
  const root = path.join(folder, "amazon-cloudwatch-agent");
  const put = (name: string, text: string, mode = 0o644) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text, { mode });
  };
  put("etc/systemd/system/amazon-cloudwatch-agent.service", unit);
  put(`.${home}/bin/start-amazon-cloudwatch-agent`, program, 0o755);
  put(`.${home}/etc/common-config.toml`, "");
  // As the agent's own preinst does.
  put(
    "DEBIAN/preinst",
    `#!/bin/sh\nid cwagent >/dev/null 2>&1 || useradd -r -M -d /home/cwagent -s /usr/sbin/nologin cwagent\n`,
    0o755,
  );
  const control = [
    "Package: amazon-cloudwatch-agent",
    "Version: 0-stand-in",
    "Architecture: all",
    "Maintainer: nobody <nobody@invalid>",
  ];
  put("DEBIAN/control", [...control, "Description: stand-in for the Amazon CloudWatch Agent", ""].join("\n"));
  const file = path.join(folder, "amazon-cloudwatch-agent.deb");
  await run(["dpkg-deb", "--root-owner-group", "--build", root, file]);
  const content = readFileSync(file);
  return { content, sha256: sha256(content) };
}
