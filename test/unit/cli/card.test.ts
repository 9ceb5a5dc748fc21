import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import jsQr from "jsqr";
import { runCli } from "../../../cli/program";
import { runCaptured } from "./capture";

const reception = {
  user: "reception-k3m9qz",
  password: "abcdefghjkmnpqrstuvwxyz023456789",
  domain: "203.0.113.10",
  port: 5060,
  transport: "udp",
  number: "101",
};
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const van = { ...reception, user: "van-x2", port: 5061, transport: "tls", number: "102", caCertificate: certificate };
const stack = (cards: unknown = { reception, van }) => JSON.stringify(cards);

/** Draws the half blocks of a QR code as pixels on a dark screen and reads it as a phone's camera would. */
function readQr(out: string): string | undefined {
  const lines = out.split("\n").filter((line) => /^[█▀▄ ]{20,}$/.test(line));
  const scale = 4;
  const width = Math.max(...lines.map((line) => line.length));
  const lit = (x: number, y: number) => {
    const block = lines[Math.floor(y / 2)]?.charAt(x) ?? " ";
    return block === "█" || block === (y % 2 === 0 ? "▀" : "▄");
  };
  const side = { x: width * scale, y: lines.length * 2 * scale };
  const pixels = new Uint8ClampedArray(side.x * side.y * 4).fill(255);
  for (let y = 0; y < side.y; y++)
    for (let x = 0; x < side.x; x++)
      pixels.fill(
        lit(Math.floor(x / scale), Math.floor(y / scale)) ? 255 : 0,
        (y * side.x + x) * 4,
        (y * side.x + x) * 4 + 3,
      );
  return jsQr(pixels, side.x, side.y)?.data;
}

test("prints what to type, and a QR code that a reader reads", async () => {
  const { code, out, err } = await runCaptured(["card", "reception"], stack());
  expect([code, err]).toEqual([0, ""]);
  for (const [label, value] of Object.entries({
    Phone: "reception, extension 101",
    "User name": reception.user,
    Password: reception.password,
    Domain: reception.domain,
    Port: "5060",
    Transport: "UDP",
  }))
    expect(out).toMatch(new RegExp(`^${label} +${value}$`, "m"));
  expect(readQr(out)).toBe(`sip:${reception.user}:${reception.password}@203.0.113.10:5060;transport=udp`);
});

test("a phone over TLS has a sips URI", async () => {
  const { out } = await runCaptured(["card", "van"], stack());
  expect(readQr(out)).toBe(`sips:van-x2:${van.password}@203.0.113.10:5061`);
});

test("characters that a URI reserves are escaped", async () => {
  const odd = { ...reception, user: "ann:x", password: "p@ss;w/ä\"'%", domain: "2001:db8::1" };
  const uri = readQr((await runCaptured(["card", "odd"], stack({ odd }))).out) ?? "";
  expect(uri).toBe("sip:ann%3Ax:p%40ss%3Bw%2F%C3%A4%22'%25@[2001:db8::1]:5060;transport=udp");
});

test("the QR code can be left out", async () => {
  expect((await runCaptured(["card", "--no-qr", "reception"], stack())).out).not.toMatch(/[█▀▄]/);
});

describe("--ca", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "hardened-asterisk-card-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("writes the certificate", async () => {
    const file = path.join(folder, "ca.pem");
    expect(await runCaptured(["card", "van", "--ca", file], stack())).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(file, "utf8")).toBe(certificate);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  test.each([
    ["reception", "ca.pem", 2, "has no CA certificate"],
    ["van", "none/ca.pem", 3, "there is no such file"],
    ["van", ".", 1, "is a directory"],
  ])("is refused for %s into %s", async (phone, file, code, words) => {
    const run = await runCaptured(["card", phone, "--ca", path.join(folder, file)], stack());
    expect([run.code, run.out]).toEqual([code, ""]);
    expect(run.err).toContain(words);
  });
});

test.each<[string, string, string, string]>([
  ["an unknown phone", "attic", stack(), '"attic" is not a phone of this stack; phones are reception, van'],
  ["a name of the language", "constructor", stack(), "is not a phone"],
  ["the language's own key", "__proto__", stack(), "is not a phone"],
  ["no input", "reception", "", "is empty"],
  ["no JSON", "reception", "hello", "is not JSON"],
  ["hidden secrets", "reception", '"[secret]"', "--show-secrets is missing"],
  ["several PBXs", "reception", stack([{ reception }]), "is a list of PBXs"],
  ["a number", "reception", "7", "is not the stack's output"],
  ["null", "reception", "null", "is not the stack's output"],
  ["a card without a port", "reception", stack({ reception: { ...reception, port: "x" } }), "reception.port is not as"],
  [
    "a control character",
    "reception",
    stack({ reception: { ...reception, user: "a\u001b[2J" } }),
    "reception.user is not as",
  ],
])("refuses %s, repeating no password", async (_what, phone, input, words) => {
  const run = await runCaptured(["card", phone], input);
  expect([run.code, run.out]).toEqual([2, ""]);
  expect(run.err).toContain(words);
  expect(run.err).not.toContain(reception.password);
  expect(run.err).not.toContain("\u001b");
});

test("does not wait for a keyboard", async () => {
  let err = "";
  const input = Object.assign(new Readable({ read: () => undefined }), { isTTY: true });
  const warn = (text: string) => (err += text);
  expect(await runCli(["card", "reception"], { input, print: warn, warn })).toBe(2);
  expect(err).toContain("is the keyboard; pipe in");
});
