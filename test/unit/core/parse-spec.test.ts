import { parseSpec } from "../../../core/spec/parse-spec";

const good = () => ({
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"], mayDial: ["internal", "national"] },
    sales: { number: "102", networks: ["198.51.100.0/24"] },
  },
  trunks: { carrier: { signalling: ["192.0.2.0/28"], server: "192.0.2.2", numbers: { "+81312345678": "reception" } } },
});

type Draft = Record<string, unknown>;

/** The good spec with one place changed; `undefined` removes it. */
function changed(path: string, value: unknown): Draft {
  const spec: Draft = good();
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  const holder = keys.reduce<Draft>((node, key) => node[key] as Draft, spec);
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
  return spec;
}

function issues(spec: unknown): string[] {
  const parsed = parseSpec(spec, new Date(0));
  return "issues" in parsed ? parsed.issues.map(({ path, message }) => `${path}: ${message}`) : [];
}

test("takes the good spec as it is", () => {
  expect(parseSpec(good(), new Date(0))).toEqual({ spec: good(), warnings: [] });
});

test.each<[string, unknown, string]>([
  ["country", undefined, "country: must be a two-letter country code"],
  ["country", "jp", "country: must be a two-letter country code in capitals"],
  ["country", "XX", 'country: "XX" is not a country with a numbering plan'],
  ["contry", "JP", "contry: is not a known key"],
  ["admins", [], "admins: must list at least one network"],
  ["admins", ["0.0.0.0/0"], 'admins.0: "0.0.0.0/0" lets in far too many'],
  ["admins", ["198.51.100.7"], 'admins.0: "198.51.100.7" is not a network'],
  [
    "admins",
    ["198.51.100.7/24"],
    'admins.0: "198.51.100.7/24" has bits set behind its prefix; write "198.51.100.0/24"',
  ],
  ["admins", [7], "admins.0: must be a text"],
  ["phones/sales/number", 102, "phones.sales.number: must be a quoted text"],
  ["phones/sales/number", "1", "phones.sales.number: must be 2 to 6 digits"],
  ["phones/sales/number", "10a", "phones.sales.number: must be 2 to 6 digits"],
  ["phones/sales/number", "101", 'phones.sales.number: "101" is already the number of "reception"'],
  ["phones/sales/number", "110", 'phones.sales.number: "110" is an emergency number in JP'],
  ["phones/sales/networks", undefined, "phones.sales.networks: is missing"],
  ["phones/sales/networks", ["2001:db8::/48"], 'phones.sales.networks.0: "2001:db8::/48" is IPv6'],
  ["phones/sales/networks", "198.51.100.0/24", "phones.sales.networks: must be a list of networks"],
  ["phones/sales/roaming", true, "phones.sales.roaming: does not go with `networks`"],
  ["phones/sales/roaming", 1, "phones.sales.roaming: must be true or false"],
  [
    "phones/sales",
    { number: "102", roaming: true, transport: "udp" },
    'phones.sales.transport: "udp" is not for a phone on the road',
  ],
  [
    "phones/sales",
    { number: "102", roaming: true, transport: "tcp" },
    'phones.sales.transport: "tcp" is not for a phone on the road',
  ],
  ["phones/sales/transport", "sctp", "phones.sales.transport: must be one of udp, tcp, tls"],
  ["phones/sales/sipUser", "102", 'phones.sales.sipUser: "102" is the extension, the first thing a thief tries; leave'],
  ["phones/sales/sipUser", "101", 'phones.sales.sipUser: "101" is the extension of "reception"'],
  ["phones/sales/sipUser", "7777", 'phones.sales.sipUser: "7777" is a number that could be an extension'],
  ["phones/sales/sipUser", "000000", 'phones.sales.sipUser: "000000" is a number that could be an extension'],
  ["phones/sales/sipUser", "reception", 'phones.sales.sipUser: "reception" is taken already'],
  ["phones/sales/sipUser", "a;b", "phones.sales.sipUser: must be 3 to 40 letters"],
  ["digest", "sha1", "digest: must be one of md5, sha-256"],
  ["tls", { certificate: "pbx.pem", privateKey: "/etc/ssl/key.pem" }, "tls.certificate: must be an absolute path"],
  ["phones/sales/mayDial", ["international"], "phones.sales.mayDial.0: must be one of internal, national, mobile"],
  ["phones/sales/generation", 0, "phones.sales.generation: must be a whole number from 1"],
  ["phones/sales/secret", "x", "phones.sales.secret: is not a known key"],
  [
    "phones/Sales",
    { number: "103", networks: ["198.51.100.0/24"] },
    "phones.Sales: must begin with a lower-case letter",
  ],
  ["phones/103", { number: "103", networks: ["198.51.100.0/24"] }, "phones.103: must begin with a lower-case letter"],
  ["phones/carrier", { number: "103", networks: ["198.51.100.0/24"] }, "trunks.carrier: has the name of a phone"],
  ["phones", {}, "phones: must name at least one phone"],
  ["trunks", undefined, 'phones.reception.mayDial: "national" needs a trunk'],
  ["trunks/carrier/signalling", [], "trunks.carrier.signalling: must list at least one network"],
  ["trunks/carrier/server", undefined, "trunks.carrier.server: is missing"],
  ["trunks/carrier/server", "sip.example.com", 'trunks.carrier.server: "sip.example.com" is not an IPv4 address'],
  ["trunks/carrier/server", "192.0.2.2:99999", 'trunks.carrier.server: "192.0.2.2:99999" is not an IPv4 address'],
  [
    "trunks/carrier/numbers",
    { "81312345678": "reception" },
    "trunks.carrier.numbers.81312345678: must be an E.164 number in quotes",
  ],
  [
    "trunks/carrier/numbers",
    { "+81312345678": "nobody" },
    'trunks.carrier.numbers.+81312345678: "nobody" is not a phone or group of this spec',
  ],
  ["trunks/carrier/numbers", { "+81312345678": "toString" }, '"toString" is not a phone or group of this spec'],
  ["trunks/sales", { signalling: ["192.0.2.64/28"] }, "trunks.sales: has the name of a phone"],
  ["trunks/other", { signalling: ["192.0.2.64"] }, 'trunks.other.signalling.0: "192.0.2.64" is not a network'],
  ["trunks", { other: { signalling: ["192.0.2.0/28"] } }, "trunks.other.server: is missing"],
  [
    "trunks/other",
    { signalling: ["192.0.2.8/32"] },
    'trunks.other.signalling: "192.0.2.8/32" overlaps "192.0.2.0/28" of trunk "carrier"',
  ],
  ["trunks/carrier/transport", "tcp", "trunks.carrier.transport: must be one of udp, tls"],
  ["trunks/carrier/ca", "/etc/ssl/ca.pem", 'trunks.carrier.ca: is for `transport: "tls"` alone'],
  ["trunks/carrier/ca", "ca.pem", "trunks.carrier.ca: must be an absolute path"],
  [
    "trunks/carrier/register",
    { server: "sip.example.com", user: "account" },
    'trunks.carrier.register.server: "sip.example.com" is not an IPv4 address, and over UDP nothing proves a name',
  ],
  ["trunks/carrier/server", "sip..example.com", 'trunks.carrier.server: "sip..example.com" is not an IPv4 address'],
  ["trunks/carrier/server", "192.0.2.300", 'trunks.carrier.server: "192.0.2.300" is not an IPv4 address'],
  ["trunks/carrier/register", { user: "account" }, "trunks.carrier.register.server: must be a text"],
  ["trunks/carrier/register", { server: "192.0.2.2" }, "trunks.carrier.register.user: must be a quoted text"],
  [
    "trunks/carrier/register",
    { server: "192.0.2.2", user: "me@carrier.example" },
    "trunks.carrier.register.user: must be 3 to 64 letters",
  ],
  [
    "trunks/carrier/register",
    { server: "192.0.2.2", user: "account", realm: "a;b" },
    "trunks.carrier.register.realm: must be 1 to 64 letters",
  ],
  [
    "trunks/carrier/register",
    { server: "192.0.2.2", user: "account", password: "x" },
    "trunks.carrier.register.password: is not a known key",
  ],
  ["groups", { all: { number: "200", phones: [] } }, "groups.all.phones: must list at least one phone"],
  ["groups", { all: { number: "101", phones: ["sales"] } }, 'groups.all.number: "101" is already the number of'],
  ["groups", { all: { number: "119", phones: ["sales"] } }, 'groups.all.number: "119" is an emergency number in JP'],
  ["groups", { all: { number: "2", phones: ["sales"] } }, "groups.all.number: must be 2 to 6 digits"],
  ["groups", { All: { number: "200", phones: ["sales"] } }, "groups.All: must begin with a lower-case letter"],
  ["groups", { sales: { number: "200", phones: ["sales"] } }, "groups.sales: has the name of a phone"],
  ["groups", { all: { number: "200", phones: ["nobody"] } }, 'groups.all.phones.0: "nobody" is not a phone of this'],
  ["groups", { all: { number: "200", phones: ["sales", "sales"] } }, 'groups.all.phones.1: "sales" is listed twice'],
  [
    "groups",
    { one: { number: "200", phones: ["sales"] }, two: { number: "200", phones: ["sales"] } },
    'groups.two.number: "200" is already the number of "one"',
  ],
  ["outbound", [], "outbound: must list at least one trunk"],
  ["outbound", ["toString"], 'outbound.0: "toString" is not a trunk of this spec; trunks are carrier'],
  ["outbound", ["carrier", "carrier"], 'outbound.1: "carrier" is listed twice'],
  ["limits", { dailyMinutes: 240 }, "limits.dailyMinutes: is not built yet"],
  ["limits", { calls: 0 }, "limits.calls: must be a whole number from 1 to 500"],
  ["limits", { phoneCalls: 0 }, "limits.phoneCalls: must be a whole number from 1 to 100"],
  ["limits", { callMinutes: 1.5 }, "limits.callMinutes: must be a whole number from 1 to 1440"],
  ["rollbackSeconds", 5, "rollbackSeconds: must be a whole number from 30 to 3600"],
  ["sshPort", "22", "sshPort: must be a whole number from 1 to 65535"],
  ["restartWithCalls", "yes", "restartWithCalls: must be true or false"],
  ["endCalls", 1, "endCalls: must be true or false"],
])("refuses %s = %j", (path, value, expected) => {
  const found = issues(changed(path, value));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test.each([null, 7, "spec", [], undefined])("refuses %j as a whole", (value) => {
  expect(issues(value).length).toBeGreaterThan(0);
});

test("refuses a group's extension as a SIP user name", () => {
  const spec = changed("phones/sales/sipUser", "200");
  expect(issues({ ...spec, groups: { support: { number: "200", phones: ["reception"] } } })).toEqual([
    'phones.sales.sipUser: "200" is the extension of "support", the first thing a thief tries; leave sipUser out or choose another',
  ]);
});

test("takes a SIP user name of more digits than an extension has", () => {
  expect(issues(changed("phones/sales/sipUser", "0004132"))).toEqual([]);
});

test("reports every issue at once", () => {
  expect(issues({ admins: ["0.0.0.0/0"], phones: { a: { number: 1 } }, colour: "red" })).toHaveLength(4);
});

test("takes two accounts at one carrier, told apart by their registrations", () => {
  const account = (user: string) => ({ signalling: ["192.0.2.0/28"], register: { server: "192.0.2.2", user } });
  expect(issues({ ...good(), trunks: { one: account("first"), two: account("second") } })).toEqual([]);
  const beside = { one: account("first"), two: { signalling: ["192.0.2.2/32"] } };
  expect(issues({ ...good(), trunks: beside })).toEqual([expect.stringContaining('overlaps "192.0.2.0/28"')]);
});

describe("a carrier over TLS", () => {
  const tls = { transport: "tls", signalling: ["192.0.2.0/28"] };
  const withTrunks = (trunks: Draft) => issues({ ...good(), trunks });
  const account = (user: string, more: Draft) => ({ ...more, register: { server: "192.0.2.2", user } });

  test("may be named, with or without a port", () => {
    for (const server of ["sip.carrier.example", "sip.carrier.example:5063", "192.0.2.2"])
      expect(withTrunks({ carrier: { ...tls, server } })).toEqual([]);
  });

  test("has the same CA as the others over TLS", () => {
    const other = { ...tls, signalling: ["192.0.2.64/28"], ca: "/etc/ssl/other.pem" };
    expect(withTrunks({ one: { ...tls, server: "192.0.2.2" }, two: other })).toEqual([
      expect.stringContaining('trunks.two.ca: differs from that of trunk "one"'),
    ]);
  });

  test("shares its addresses with no account over UDP", () => {
    const trunks = { one: account("first", tls), two: account("second", { signalling: ["192.0.2.8/32"] }) };
    expect(withTrunks(trunks)).toEqual([
      expect.stringContaining('trunks.one.transport: "192.0.2.0/28" is also where trunk "two" signals over UDP'),
    ]);
    expect(withTrunks({ one: account("first", tls), two: account("second", tls) })).toEqual([]);
  });
});

test("a trunk that outbound calls are to go over needs a server", () => {
  const trunks = { ...good().trunks, other: { signalling: ["192.0.2.64/28"] } };
  expect(issues({ ...good(), trunks, outbound: ["carrier"] })).toEqual([]);
  expect(issues({ ...good(), trunks, outbound: ["other"] })).toEqual([
    expect.stringContaining("trunks.other.server: "),
  ]);
});
