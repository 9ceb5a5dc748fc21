import { good, spec, phone, trunk, yaml, nested, overlong, type Draft } from "./good-spec";
import type { BadCase } from "./bad-case";

/** Networks, carriers, numbers, and input without end. */
export const badNetworks: readonly BadCase[] = [
  [
    "any address as admin",
    spec({ admins: ["0.0.0.0/0", "::/0"] }),
    ['admins.0: "0.0.0.0/0" lets in', 'admins.1: "::/0" lets in'],
    "best your own addresses",
  ],
  ["any address for a phone", phone({ networks: ["0.0.0.0/0"] }), ["phones.reception.networks.0:"], "smaller"],
  ["any address for a carrier", trunk({ signalling: ["0.0.0.0/0"] }), ["trunks.carrier.signalling.0:"], "smaller"],
  ["an address of 300s", phone({ networks: ["300.1.1.0/24"] }), ["phones.reception.networks.0:"], "is not a network"],
  ["an octal address", phone({ networks: ["0198.51.100.0/24"] }), ["phones.reception.networks.0:"], "is not a network"],
  ["a prefix of 33", phone({ networks: ["198.51.100.0/33"] }), ["phones.reception.networks.0:"], "is not a network"],
  [
    "a network with rules behind it",
    phone({ networks: ["198.51.100.0/24\naccept"] }),
    ["phones.reception.networks.0:"],
    "is not a network",
  ],
  [
    "a network of 10 MB",
    phone({ networks: [overlong] }),
    ["phones.reception.networks.0: is a text of more"],
    "write what is meant",
  ],
  [
    "a trunk without addresses",
    spec({ trunks: { carrier: {} } }),
    ["trunks.carrier.signalling: must be a list"],
    "for example",
  ],
  [
    "a trunk that is nothing",
    spec({ trunks: { carrier: null } }),
    ["trunks.carrier: must be a mapping"],
    "signalling:",
  ],
  ["a list of trunks", spec({ trunks: [] }), ["trunks: must be a mapping of names"], "carrier: {"],
  [
    "a phone inside a carrier's network",
    phone({ networks: ["192.0.2.8/30"] }),
    ['phones.reception.networks.0: "192.0.2.8/30" overlaps "192.0.2.0/28"'],
    "narrow one",
  ],
  [
    "a carrier inside a phone's network",
    trunk({ signalling: ["198.51.100.9/32"] }),
    ["phones.reception.networks.0:", "phones.sales.networks.0:"],
    "narrow one",
  ],
  [
    "an unquoted number as a key",
    trunk(yaml("numbers: { +81312345678: reception }") as Draft),
    ["trunks.carrier.numbers.81312345678: must be an E.164"],
    "in quotes",
  ],
  [
    "an unquoted number as a value",
    trunk(yaml("numbers: { reception: +81312345678 }") as Draft),
    ["trunks.carrier.numbers.reception: must be the name of a phone"],
    "in quotes before it",
  ],
  [
    "a list of numbers",
    trunk({ numbers: ["+81312345678"] }),
    ["trunks.carrier.numbers: must be a mapping"],
    '{ "+81312345678": reception }',
  ],
  [
    "an extension in YAML's octal",
    phone(yaml("number: 0101") as Draft),
    ["phones.reception.number: must be a quoted"],
    "leading zeros",
  ],
  [
    "an extension in wide digits",
    phone({ number: "１０１" }),
    ["phones.reception.number: must be 2 to 6 digits"],
    '"101"',
  ],
  [
    "an extension with a line break",
    phone({ number: "101\n" }),
    ["phones.reception.number: must be 2 to 6 digits"],
    '"101"',
  ],
  ["a pattern as an extension", phone({ number: "_X." }), ["phones.reception.number: must be 2 to 6 digits"], '"101"'],
  ["a server with a path", trunk({ server: "192.0.2.2;transport=tls" }), ["trunks.carrier.server:"], "192.0.2.2:5060"],
  ["nesting without end", phone({ networks: nested(5000) }), ["phones.reception.networks.a.a"], "indentation"],
  ["itself inside itself", circular(), ["phones.phones.phones"], "indentation"],
  [
    "a million admins",
    spec({ admins: Array(1_000_000).fill("x") }),
    ["admins: has more than 200000 values"],
    "split it",
  ],
  [
    "101 networks",
    phone({ networks: Array.from({ length: 101 }, (_, n) => `198.51.100.${n}/32`) }),
    ["phones.reception.networks: must list at most 100"],
    "join neighbours",
  ],
];

function circular(): unknown {
  const whole: Draft = good();
  whole["phones"] = whole;
  return whole;
}
