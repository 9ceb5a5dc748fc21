import { asterisk22 } from "../../../core/platform/asterisk/22";
import { debian14 } from "../../../core/platform/os/debian-14";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import type { PbxSpec } from "../../../core/spec/spec";

const spec: PbxSpec = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: { reception: { number: "101", networks: ["198.51.100.0/24"], mayDial: ["national"] } },
  trunks: { zulu: { signalling: ["192.0.2.2/32"] }, alpha: { signalling: ["192.0.2.3/32"] } },
};
const routes = (change: Partial<PbxSpec>) =>
  resolveProfile({ ...spec, ...change }, { platform: { asterisk: asterisk22, os: debian14 } })
    .trunks.filter(({ server }) => server !== undefined)
    .map(({ name }) => name);

test("outbound calls try the trunks by name, however the spec orders them", () => {
  expect(routes({})).toEqual(["alpha", "zulu"]);
});

test("a list decides which are tried, and in which order", () => {
  expect(routes({ outbound: ["zulu", "alpha"] })).toEqual(["zulu", "alpha"]);
  expect(routes({ outbound: ["zulu"] })).toEqual(["zulu"]);
});
