import { insideNetworks } from "../../../core/bundle/views/pjsip-transports";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { platformOf } from "../../../core/platform/platforms";
import { parseSpec } from "../../../core/spec/parse-spec";

const always = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

function insideOf(networks: string[], signalling: string[] = ["192.0.2.0/28"]) {
  const spec = {
    country: "JP",
    admins: ["198.51.100.7/32"],
    phones: { desk: { number: "101", networks } },
    trunks: { carrier: { signalling } },
  };
  const parsed = parseSpec(spec, new Date("2026-06-01T12:00:00Z"));
  if ("issues" in parsed) throw new Error(JSON.stringify(parsed.issues));
  return insideNetworks(resolveProfile(parsed.spec, { platform: platformOf() }));
}

test("networks that are private everywhere are inside, each once", () => {
  expect(insideOf(["10.1.0.0/16", "100.64.7.2/32", "192.168.0.0/16", "203.0.113.0/24"])).toEqual(always);
});

test("a network that no router of the Internet forwards is inside where a phone or a carrier is listed with it", () => {
  expect(insideOf(["198.18.5.0/24", "240.1.2.0/24"], ["192.0.0.8/32"])).toEqual([
    ...always,
    "192.0.0.8/32",
    "198.18.5.0/24",
    "240.1.2.0/24",
  ]);
});

test("a network that reaches beyond one is outside", () => {
  expect(insideOf(["198.16.0.0/12", "198.20.0.0/16", "192.0.0.0/16"], ["203.0.113.1/32"])).toEqual(always);
});
