import { asterisk22 } from "../../../core/platform/asterisk/22";
import { debian14 } from "../../../core/platform/os/debian-14";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { phoneCredentials, WeakMasterSecretError } from "../../../core/secrets/derive-secrets";
import { office } from "./bad-input/good-spec";

describe("a master secret", () => {
  const [first] = resolveProfile(
    { country: "JP", admins: ["198.51.100.7/32"], phones: { hall: { number: "10", networks: office } } },
    { platform: { asterisk: asterisk22, os: debian14 } },
  ).phones;
  const passwordOf = (master: string) => {
    if (first === undefined) throw new Error("the profile has no phone");
    return phoneCredentials(master, first, "pbx");
  };
  const random = "7f1c0b9a5de2438861f7c2ab90e4d35f";

  test.each([
    ["a line break at its end", `${random}\n`],
    ["line breaks inside", `${random.slice(0, 16)}\r\n${random.slice(16)}`],
    ["a semicolon", `${random};context=from-internal`],
    ["quotes", `"${random}'\`$(id)`],
    ["letters of other alphabets", `パスワード${random}ünïcödé🔑`],
    ["control characters", `\u0000\u001b[2J${random}`],
    ["10 MB", random.repeat(327_680)],
  ])("with %s gives a strong password of safe characters", (_what, master) => {
    const { user, password } = passwordOf(master);
    expect(password).toMatch(/^[a-z0-9]{32}$/);
    expect(new Set(password).size).toBeGreaterThan(8);
    expect(user).toMatch(/^hall-[a-z0-9]{6}$/);
    expect(password).not.toBe(passwordOf(random).password);
  });

  test.each([
    ["nothing", ""],
    ["31 characters", random.slice(1)],
    ["one character again and again", "a".repeat(64)],
    ["two in turn", "ab".repeat(40)],
    ["blanks", " ".repeat(40)],
  ])("of %s is refused with a cure and not repeated", (_what, master) => {
    expect(() => passwordOf(master)).toThrow(WeakMasterSecretError);
    expect(() => passwordOf(master)).toThrow(/openssl rand -hex 32/);
    if (master !== "") expect(() => passwordOf(master)).not.toThrow(master);
  });
});
