import { good, spec, phones, trunk, own, another, overlong, type Draft } from "./good-spec";
import type { BadCase } from "./bad-case";

/** Names and numbers that cannot be, or are taken; keys the language keeps for itself. */
export const badNames: readonly BadCase[] = [
  [
    "a name of digits",
    phones({ "103": another }),
    ["phones.103: must begin with a lower-case letter"],
    "letters, digits",
  ],
  ["an empty name", phones({ "": another }), ["phones.: must begin with a lower-case letter"], "letters, digits"],
  ["a name with a line break", phones({ "a\nb": another }), ["phones.a\nb: must begin"], "letters, digits"],
  ["a name that would end a section", phones({ "a]b": another }), ["phones.a]b: must begin"], "letters, digits"],
  ["a name with ;", phones({ "a;b": another }), ["phones.a;b: must begin"], "letters, digits"],
  ["a name in Japanese", phones({ 受付: another }), ["phones.受付: must begin"], "letters, digits"],
  ["a name of 32 letters", phones({ ["a".repeat(32)]: another }), ["phones.aaaa"], "31 at most"],
  ["a name of 10 MB", phones({ [overlong]: another }), ["phones.xxxx"], "shorten it"],
  ["a number in a phone's place", phones({ attic: 1 }), ["phones.attic: "], "number:"],
  ["constructor as a phone", phones(own("constructor", another)), ["phones.constructor: "], "choose another"],
  [
    "constructor as a trunk",
    spec({ trunks: { ...good().trunks, ...own("constructor", {}) } }),
    ["trunks.constructor: "],
    "choose another",
  ],
  [
    "only __proto__ as a phone",
    spec({ phones: own("__proto__", another) }),
    ["phones.__proto__: cannot be a name", "phones: must name at least one phone"],
    "choose another",
  ],
  [
    "__proto__ beside a phone",
    spec({
      trunks: undefined,
      phones: JSON.parse('{"__proto__": {}, "a": {"number": "103", "networks": ["198.51.100.0/24"]}}') as Draft,
    }),
    ["phones.__proto__: cannot be"],
    "choose another",
  ],
  [
    "__proto__ as a key",
    Object.assign(own("__proto__", { admins: 1 }), {}),
    ["__proto__:", "country:", "admins:", "phones:"],
    "for example",
  ],
  [
    "__proto__ as a key of JSON",
    JSON.parse(`{"__proto__":{},${JSON.stringify(good()).slice(1)}`),
    ["__proto__: cannot be a name or key"],
    "choose another",
  ],
  [
    "a number for the language's own phone",
    trunk({ numbers: { "+81312345678": "constructor" } }),
    ['trunks.carrier.numbers.+81312345678: "constructor" is not a phone'],
    "reception, sales",
  ],
];
