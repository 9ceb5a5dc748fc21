import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PhoneOptions } from "./phone";

/** Where a phone keeps its things, all inside its directory. */
export interface PhoneFiles {
  readonly configuration: string;
  readonly recordings: string;
  /** When audio arrived: see `phone-line.py`. */
  readonly clock: string;
  /** Address and port of the control port: one per phone address, so that phones can share a namespace. */
  readonly control: { readonly host: string; readonly port: number };
}

/** Debian's place for the modules of baresip-core (multi-arch path not used by that package). */
const MODULES = "/usr/lib/baresip/modules";

/** Writes the configuration of one baresip (1.0) into the phone's directory, readable by its owner only. */
export async function writePhoneFiles(options: PhoneOptions): Promise<PhoneFiles> {
  const files = describeFiles(options);
  await mkdir(files.recordings, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string) => writeFile(join(files.configuration, name), text, { mode: 0o600 });
  await write("config", configuration(options, files));
  await write("accounts", account(options));
  await write("contacts", "");
  await writeFile(files.clock, "", { mode: 0o600 });
  return files;
}

function describeFiles({ directory, address }: PhoneOptions): PhoneFiles {
  const [, ...last] = address.split(".");
  return {
    configuration: directory,
    recordings: join(directory, "heard"),
    clock: join(directory, "heard.clock"),
    control: { host: `127.${last.join(".")}`, port: 4444 },
  };
}

function configuration({ address, tone, caFile, certificateFile }: PhoneOptions, files: PhoneFiles): string {
  const modules = ["g711", "ausine", "aubridge", "sndfile", "srtp"].map((name) => `module ${name}.so`);
  const applications = ["account", "menu", "ctrl_tcp"].map((name) => `module_app ${name}.so`);
  return [
    "poll_method epoll",
    `sip_listen ${address}:5060`,
    `net_interface ${address}`,
    ...(caFile === undefined ? [] : [`sip_cafile ${caFile}`]),
    ...(certificateFile === undefined ? [] : [`sip_certificate ${certificateFile}`]),
    "call_max_calls 4",
    `audio_source ausine,${tone}`,
    "audio_player aubridge,player",
    "audio_alert aubridge,alert",
    // ausine gives nothing at other rates than 48 kHz stereo.
    ...["ausrc", "auplay"].flatMap((device) => [`${device}_srate 48000`, `${device}_channels 2`]),
    "rtp_ports 10000-10998",
    `module_path ${MODULES}`,
    ...modules,
    ...applications,
    "statmode_default off",
    `ctrl_tcp_listen ${files.control.host}:${files.control.port}`,
    `snd_path ${files.recordings}`,
    "",
  ].join("\n");
}

function account(options: PhoneOptions): string {
  const { user, password, domain, port, transport = "udp" } = options;
  for (const [name, value] of Object.entries({ user, password, domain })) {
    if (/[\s;"<>,]/.test(value))
      throw new Error(`the phone's ${name} has a character that a baresip account cannot hold`);
  }
  const host = port === undefined ? domain : `${domain}:${port}`;
  return [
    `<sip:${user}@${host};transport=${transport}>`,
    `auth_user=${user}`,
    `auth_pass=${password}`,
    `regint=${options.registers === false ? 0 : 60}`,
    `answermode=${options.autoAnswer === true ? "auto" : "manual"}`,
    "audio_codecs=PCMU,PCMA",
    ...(transport === "tls" ? ["mediaenc=srtp-mand"] : []),
  ]
    .join(";")
    .concat("\n");
}
