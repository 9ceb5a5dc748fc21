import { inNamespace, run } from "../../../sandbox/command";
import { above, type Attack } from "./attack";
import { askEverywhere, type Order, type Reply } from "./stranger";
import { freshSource, type Target } from "./target";

const methods = ["OPTIONS", "REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "NOTIFY", "PUBLISH", "INFO", "REFER", "FOO"];
const version = /asterisk|\b(16|20|22)\.\d+|debian|dfsg/i;

/** What an answer tells of the software: its headers and reason, without what the asker sent and got back. */
function tells({ reason, headers }: Reply): string | undefined {
  const own = Object.entries(headers).filter(([name]) => !["via", "from", "to", "call-id", "cseq"].includes(name));
  return [reason, ...own.flatMap(([name, values]) => values.map((value) => `${name}: ${value}`))].find((text) =>
    // The realm "asterisk" tells the product as well.
    version.test(text),
  );
}

/** What nmap's version detection prints about the ports that matter. */
async function scanned(target: Target): Promise<string> {
  const argv = ["nmap", "-Pn", "-n", "-sV", "--version-light", "--max-retries", "1", "--host-timeout", "60s"];
  const ports = ["-sS", "-sU", "-p", "T:5038,5060,5061,8088,8089,U:5060,4569"];
  const source = ["-S", freshSource(target), "-e", "eth0"];
  return run(inNamespace(target.sandbox.namespaces.attacker, [...argv, ...ports, ...source, target.address]), {
    timeout: 120_000,
  });
}

/** Asks in every way what answers there, and looks for a product or version in what it says. */
export const discovery: Attack = {
  name: "discovery",
  what: "asks what answers by ten SIP methods over every transport, and by nmap's version detection",
  measures: "answers that tell product or version",
  goal: "0",
  weak: ["tutorial22", "tutorial16"],
  sample: true,
  run: async (target, full) => {
    const uri = `sip:${target.address}`;
    const orders: Order[] = methods.map((method) => ({ method, uri, from: `<sip:x@${target.address}>` }));
    const heard = await askEverywhere(target, orders);
    const told = heard.flatMap(({ replies }) => replies.flatMap((reply) => tells(reply) ?? []));
    const scan = (full ? await scanned(target) : "").split("\n").filter((line) => /^\d+\/\w+ +open /.test(line));
    const named = scan.filter((line) => version.test(line.replace(/^\d+\/\w+ +\S+ +\S+/, "")));
    const answered = heard.flatMap(({ replies }) => replies).filter(({ status }) => status !== null).length;
    const first = told.find((text) => /\d\.\d/.test(text)) ?? [...told, ...named][0];
    return above(
      0,
      told.length + named.length,
      `${answered} answers${first === undefined ? "" : `; such as "${first}"`}`,
    );
  },
};
