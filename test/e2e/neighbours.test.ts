import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PbxSpec } from "../../core/spec/spec";
import { inNamespace, tryRun } from "../../sandbox/command";
import { ensureImages } from "../../sandbox/image/image";
import { bootHost, execOn, killHost } from "../../sandbox/sandbox";
import { Installation } from "../../tools/operator/installation";
import { FaultBench, specOf } from "./fault-harness";
import { machinePicture } from "./faults/machine-picture";
import { eventually, settled } from "./faults/settled";
import { endProcess, startInNamespace, waitUntil, type PeerProcess } from "./peers/peer-process";
import { onHost } from "./scenario";

const name = "testneighbours";
const minutes = 60_000;
const alone = specOf("quiet");
const shopAt = 443;
/** The office's own network, not the attacker's. */
const shop = { tcp: shopAt, from: ["198.51.100.0/24"], program: "python3" };
const spec: PbxSpec = { ...alone, extraPorts: [shop] };
const proxyPorts = [3142, 3143] as const;
const script = (file: string) => join(__dirname, "neighbours", file);

let opened: FaultBench | undefined;
let bench: FaultBench;
const proxies: PeerProcess[] = [];

beforeAll(async () => {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY = "true";
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  opened = await FaultBench.boot({ name, spec: alone, image: "bare", progress });
  bench = opened;
  await startProxies();
  await useProxy(proxyPorts[0]);
}, 10 * minutes);

afterAll(async () => {
  await Promise.all(proxies.map((proxy) => endProcess(proxy)));
  await (opened?.close() ?? Installation.remove(name));
}, minutes);

/** Proxies beside the repository, on ports of their own. */
async function startProxies(): Promise<void> {
  const { namespaces, addresses } = bench.pbx.sandbox;
  const images = await ensureImages(["bare"], () => undefined);
  const server = join(__dirname, "../../sandbox/repository-server.mjs");
  for (const port of proxyPorts)
    proxies.push(
      startInNamespace(namespaces.internet, [
        process.execPath,
        server,
        images.repository("bare"),
        addresses.repository,
        `${port}`,
      ]),
    );
}

/** Has apt fetch from a source that only a proxy reaches. */
async function useProxy(port: number): Promise<void> {
  const proxy = `http://${bench.pbx.sandbox.addresses.repository}:${port}/`;
  await put("/etc/apt/apt.conf.d/90proxy", `Acquire::http::Proxy "${proxy}";\n`);
  await put("/etc/apt/sources.list", "deb [trusted=yes] http://mirror.invalid/ ./\n");
}

async function put(file: string, text: string): Promise<void> {
  const { code, stderr } = await execOn(bench.pbx.sandbox, "pbx", ["sh", "-c", 'cat > "$0"', file], { input: text });
  if (code !== 0) throw new Error(`${file}: ${stderr}`);
}

const updateLists = () => execOn(bench.pbx.sandbox, "pbx", ["apt-get", "--quiet", "update"], { timeout: minutes });

/** Runs a Python file of this folder on the host, as a service of its own. */
async function runOnHost(unit: string, file: string, ...words: string[]): Promise<void> {
  const path = `/run/${file}`;
  await put(path, readFileSync(script(file), "utf8"));
  await onHost(
    bench.pbx,
    "systemd-run",
    "--quiet",
    `--unit=${unit}`,
    "-p",
    "LimitNOFILE=4096",
    "python3",
    "-B",
    path,
    ...words,
  );
}

const startShop = async () => {
  await runOnHost("webshop", "listen.py", `${shopAt}`);
  await eventually(10_000, async () => {
    const { stdout } = await execOn(bench.pbx.sandbox, "pbx", ["ss", "-Hlnt", `sport = :${shopAt}`]);
    return stdout === "" ? "nothing listens" : undefined;
  });
};

test(
  "a listener that must not be there: refused before anything is installed, with its program and the cure",
  async () => {
    await startShop();
    const before = await machinePicture(bench.pbx.sandbox);
    const { code, stdout } = await bench.tryUp(alone);
    expect(code).not.toBe(0);
    expect(stdout).toContain(
      `python3 listens on tcp port ${shopAt}, which the firewall closes: \`systemctl disable --now webshop.service\`, or keep it with extraPorts`,
    );
    expect(await machinePicture(bench.pbx.sandbox)).toEqual(before);
  },
  3 * minutes,
);

test(
  "a program at a port that Asterisk needs, on the machine itself alone: refused too",
  async () => {
    await runOnHost("exchange", "listen.py", "5060");
    const { code, stdout } = await bench.tryUp(spec);
    expect(code).not.toBe(0);
    expect(stdout).toContain(
      "python3 listens on tcp port 5060, which asterisk needs: `systemctl disable --now exchange.service`",
    );
    await onHost(bench.pbx, "systemctl", "stop", "exchange.service");
  },
  2 * minutes,
);

test(
  "apt's lists held by another program for 10 s, and a proxy on a port of its own: `up` waits, says for whom, and installs",
  async () => {
    const release = "/run/release";
    await runOnHost("first-boot", "hold-lock.py", "/var/lib/apt/lists/lock", release);
    const up = bench.tryUp(spec);
    const journal = ["journalctl", "--unit", "hardened-asterisk-activate-*", "--output", "cat", "--no-pager"];
    await eventually(2 * minutes, async () => {
      const { stdout } = await execOn(bench.pbx.sandbox, "pbx", journal);
      return /waiting for .*lists\/lock/.test(stdout) ? undefined : stdout.split("\n").slice(-3).join(" | ");
    });
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await onHost(bench.pbx, "touch", release);
    const { code, stdout } = await up;
    expect([code, code === 0 ? "" : stdout]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /waiting for python3 \(process \d+ of first-boot\.service\), which holds \/var\/lib\/apt\/lists\/lock/,
    );
    expect(stdout).toContain(`extraPorts.0: python3 is reachable at tcp port ${shopAt} from 198.51.100.0/24`);
  },
  6 * minutes,
);

describe("what apt needs, behind the firewall", () => {
  /** Connects from the host as a user; `ok`, or the kernel's reason. */
  async function reach(user: string, port: number): Promise<string> {
    const target = bench.pbx.sandbox.addresses.repository;
    const program = `import socket\ntry:\n socket.create_connection(("${target}", ${port}), 3); print("ok")\nexcept OSError as e: print(e.strerror or e)`;
    return (await onHost(bench.pbx, "runuser", "-u", user, "--", "python3", "-c", program)).trim();
  }

  test(
    "root and _apt reach the proxy at its port, nobody else does, and no other port is open to them",
    async () => {
      expect((await updateLists()).code).toBe(0);
      const [own, other] = proxyPorts;
      expect([await reach("root", own), await reach("_apt", own)]).toEqual(["ok", "ok"]);
      for (const user of ["nobody", "_chrony"]) expect([user, await reach(user, own)]).not.toContain("ok");
      for (const user of ["root", "_apt"]) expect([user, await reach(user, other)]).not.toContain("ok");
    },
    minutes,
  );

  test(
    "after a boot, and with a proxy that the owner has changed since, apt still fetches",
    async () => {
      await killHost(bench.pbx.sandbox, "pbx");
      await bootHost(bench.pbx.sandbox, "pbx");
      await settled(bench.pbx.sandbox);
      const set = await onHost(bench.pbx, "nft", "list", "set", "inet", "hardened_asterisk", "apt_servers4");
      expect(set).toContain(`${bench.pbx.sandbox.addresses.repository} . ${proxyPorts[0]}`);
      expect((await updateLists()).code).toBe(0);
      await useProxy(proxyPorts[1]);
      expect((await updateLists()).stdout).toContain("http://mirror.invalid");
      expect(await reach("root", proxyPorts[1])).toBe("ok");
      expect(await reach("root", proxyPorts[0])).not.toBe("ok");
    },
    2 * minutes,
  );
});

describe("a program that the owner keeps", () => {
  async function open(place: "office" | "attacker", index: number, count: number): Promise<[PeerProcess, string]> {
    const { namespaces, addresses } = bench.pbx.sandbox;
    const words = [addresses[place][index] ?? "", addresses.pbx, `${shopAt}`, `${count}`];
    const child = startInNamespace(namespaces[place], ["python3", "-B", script("connect.py"), ...words]);
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    await waitUntil(
      () => said.includes("\n"),
      minutes,
      () => `nothing is said: ${said}`,
    );
    return [child, said.trim()];
  }

  test(
    "is reached from its networks and from nowhere else, and `verify` agrees",
    async () => {
      await startShop();
      const [office, fromOffice] = await open("office", 5, 1);
      const [attacker, fromAttacker] = await open("attacker", 5, 1);
      await Promise.all([endProcess(office), endProcess(attacker)]);
      expect(fromOffice).toBe("1 none");
      expect(fromAttacker).toMatch(/^0 (TimeoutError|timeout)/);
      const { sandbox } = bench.pbx;
      const verified = await execOn(sandbox, "pbx", ["hardened-asterisk", "verify"], { timeout: minutes });
      expect([verified.code, verified.stdout.match(/^FAIL.*/gm)]).toEqual([0, null]);
    },
    2 * minutes,
  );

  test(
    "filled with connections, it alone takes no more: SSH and phones go on",
    async () => {
      const [full, said] = await open("office", 6, 1500);
      try {
        const [greeted] = said.split(" ");
        expect(Number(greeted)).toBeGreaterThan(900);
        expect(Number(greeted)).toBeLessThanOrEqual(1000);
        await bench.startPhones();
        await bench.call();
        const { namespaces, addresses } = bench.pbx.sandbox;
        const ssh = ["socat", "-u", `TCP:${addresses.pbx}:22,connect-timeout=3,readbytes=8`, "STDOUT"];
        expect((await tryRun(inNamespace(namespaces.operator, ssh))).stdout).toContain("SSH-2.0");
      } finally {
        await endProcess(full);
      }
    },
    3 * minutes,
  );
});
