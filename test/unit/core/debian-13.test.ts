import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { renderBundle } from "../../../core/bundle/render-bundle";
import { readTemplates } from "../../../components/read-templates";
import { HostOs, platformOf } from "../../../core/platform/platforms";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import type { PbxSpec } from "../../../core/spec/spec";
import { renderScenario } from "../../golden/render-scenario";

const scenarios = readdirSync(path.join(__dirname, "../../golden"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test("a certificate over ACME needs an address for mail there", () => {
  const text = readFileSync(path.join(__dirname, "../../golden/acme/spec.yaml"), "utf8");
  const without = parse(text.replace(/^ +email:.*\n/m, "")) as PbxSpec;
  expect(() => resolveProfile(without, { platform: platformOf(HostOs.Debian13) })).toThrow(
    /tls\.acme\.email: is needed on debian-13/,
  );
  expect(resolveProfile(without, { platform: platformOf() }).tls?.acme?.email).toBeUndefined();
});

test.each(scenarios)("%s is the same PBX on Debian 13, with Asterisk from a file", (name) => {
  const [on13, on14] = [renderScenario(name, HostOs.Debian13), renderScenario(name)];
  const { packages, platform, probes, ...rest } = on13.bundle;
  expect(rest).toEqual({ ...on14.bundle, packages: undefined, platform: undefined, probes: undefined });
  const differing = probes.filter((one, index) => JSON.stringify(one) !== JSON.stringify(on14.bundle.probes[index]));
  expect(differing.map(({ id }) => id)).toEqual(["ssh-keys-only"]);
  expect(platform).toEqual({ os: "debian-13", asterisk: "22" });
  const others = (list: typeof packages) => list.filter(({ minimum }) => minimum === undefined);
  expect(others(packages)).toEqual(others(on14.bundle.packages));
  const file = { sha256: "0".repeat(64), url: "https://example.net/asterisk.deb" };
  const bundle = renderBundle({ ...on13.profile, asteriskPackage: file }, readTemplates());
  expect(bundle.packages).toContainEqual({ name: "hardened-asterisk-asterisk", minimum: "1:22.10.1", file });
});
