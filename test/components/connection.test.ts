import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import path from "node:path";
import type * as ComponentModule from "../../components/asterisk-host";
import type { AsteriskHost as Component } from "../../components/asterisk-host";
import type { AsteriskHostConnectionArgs } from "../../components/asterisk-host-args";
import { checkProxyKey } from "../../components/connection";
import type { PbxSpec } from "../../core/spec/spec";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5v";
const bastionKey = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY";
const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----test";
const pbx = parse(readFileSync(path.join(__dirname, "../golden/office/spec.yaml"), "utf8")) as PbxSpec;

const connections: Record<string, unknown>[] = [];
let AsteriskHost: typeof Component;

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      const { connection } = inputs as { connection?: { value?: unknown } };
      if (type.startsWith("command:remote:"))
        connections.push((connection?.value ?? connection) as Record<string, unknown>);
      const stdout = name.endsWith("-settle") ? '{"state":"confirmed"}' : "";
      return { id: `${name}-id`, state: { ...(inputs as object), stdout, stderr: "" } };
    },
    call: () => ({}),
  });
  // After the mocks: the engine is chosen when a component is first made.
  AsteriskHost = jest.requireActual<typeof ComponentModule>("../../components/asterisk-host").AsteriskHost;
});

/** The connection of each command of a host that is reached so. */
async function connectionsOf(name: string, change: Partial<AsteriskHostConnectionArgs>) {
  connections.splice(0);
  const connection = { host: "203.0.113.10", privateKey: pulumi.secret(privateKey), hostKey, ...change };
  const host = new AsteriskHost(name, { connection, masterSecret: "0123456789abcdef0123456789abcdef", pbx });
  await new Promise((resolve) => host.receipt.apply(resolve));
  return connections;
}

const unwrapped = (value: unknown) =>
  typeof value === "object" && value !== null && "value" in value ? value.value : value;

test("a bastion is passed on to every command, and is entered with the host's key unless it has its own", async () => {
  const proxy = { host: "bastion.example", port: 2200, user: "jump", hostKey: `${bastionKey} comment\n` };
  const inherited = await connectionsOf("a", { proxy, privateKeyPassword: "of-the-host" });
  expect(inherited).toHaveLength(3);
  for (const connection of inherited) {
    const { privateKey: key, privateKeyPassword: password, ...rest } = connection["proxy"] as Record<string, unknown>;
    expect(connection).toMatchObject({ hostKey, host: "203.0.113.10" });
    expect(rest).toMatchObject({ ...proxy, hostKey: `${bastionKey} comment` });
    expect([unwrapped(key), unwrapped(password)]).toEqual([privateKey, "of-the-host"]);
  }
  const own = { host: "bastion.example", hostKey, privateKey: "its-own" };
  for (const connection of await connectionsOf("b", { proxy: own, privateKeyPassword: "of-the-host" })) {
    expect(unwrapped((connection["proxy"] as Record<string, unknown>)["privateKey"])).toBe("its-own");
    expect(connection["proxy"]).not.toHaveProperty("privateKeyPassword");
  }
});

test("none is passed on when none is given", async () => {
  for (const connection of await connectionsOf("c", {})) expect(connection).not.toHaveProperty("proxy");
});

test("a bastion whose key cannot be told is refused, with the place where it is found", () => {
  for (const key of ["", "ssh-rsa AAAAB3NzaC1yc2E", "bastion.example ssh-ed25519 AAAA", "AAAAC3NzaC1lZDI1NTE5AAAAIE5v"])
    expect(() => checkProxyKey(key)).toThrow(
      /connection\.proxy\.hostKey: must be the bastion's Ed25519 or ECDSA public key.*on the bastion/,
    );
});
