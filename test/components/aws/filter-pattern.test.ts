import { compilePattern } from "./filter-pattern";

/** The examples of the CloudWatch Logs user guide, "Filter and pattern syntax". */
const example = JSON.stringify({
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
});
const compound = JSON.stringify({
  user: { id: 1, email: "John.Stiles@example.com" },
  users: [
    { id: 2, email: "John.Doe@example.com" },
    { id: 3, email: "Jane.Doe@example.com" },
  ],
  actions: ["GET", "PUT", "DELETE"],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
    [7, 8, 9],
  ],
});

test.each<[pattern: string, line: string, matches: boolean]>([
  ['"ERROR"', "[ERROR] A fatal exception has occurred", true],
  ['"ERROR"', "Exiting with ERRORCODE: -1", true],
  ['"ERROR" -"Exiting"', "Exiting with ERRORCODE: -1", false],
  ['"ERROR" -"Exiting"', "[ERROR] A fatal exception has occurred", true],
  ["ERROR Exception", "[ERROR] Caught IllegalArgumentException", true],
  ["ERROR Exception", "[ERROR] Unhandled", false],
  ['"Failed to process the request"', "[WARN] Failed to process the request", true],
  ["?ERROR ?WARN", "WARN message", true],
  ["?ERROR ?WARN", "INFO message", false],
  ["ERROR WARN", "ERROR WARN message", true],
  ["ERROR WARN", "ERROR message", false],
  ["ERROR -WARN", "ERROR WARN message", false],
  ["error", "ERROR message", false],
  ["", "anything", true],
  ["%AUTHORIZED%", "[ERROR 401] UNAUTHORIZED REQUEST", true],
  ["%^[hc]at%", "a cat", false],
  ["%^[hc]at%", "cats", true],
  ["%[Ee]rror|[Ff]ail%", "it Failed", true],
  ['{ $.eventType = "UpdateTrail" }', example, true],
  ["{ $.sourceIPAddress != 123.123.* }", example, true],
  ["{ $.sourceIPAddress = 111.111.* }", example, true],
  ['{ $.arrayKey[0] = "value" }', example, true],
  ["{ $.arrayKey = value }", example, false],
  ["{ $.arrayKey != value }", example, false],
  ["{ $.objectList[1].id = 2 }", example, true],
  ["{ $.SomeObject IS NULL }", example, true],
  ["{ $.SomeOtherObject NOT EXISTS }", example, true],
  ["{ $.SomeObject NOT EXISTS }", example, false],
  ["{ $.ThisFlag IS TRUE }", example, true],
  ["{ $.ThisFlag IS FALSE }", example, false],
  ["{ $.eventType = *Trail }", example, true],
  ["{ $.eventType = Up*rail }", example, false],
  ["{ $.eventType = %^Update% }", example, true],
  ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', compound, true],
  ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', compound, false],
  [
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }',
    compound,
    true,
  ],
  [
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }',
    compound,
    false,
  ],
  ["{ $.user.id >= 1 }", compound, true],
  ["{ $.user.id > 1 }", compound, false],
  ["{ $.user.id < 10e3 }", compound, true],
  ["{ $.user.id = 1 }", "not JSON", false],
])("%s on %s: %s", (pattern, line, matches) => {
  expect(compilePattern(pattern)(line)).toBe(matches);
});

test.each([
  ["%(ab)%", "holds what no regex may"],
  ['%"x"%', "holds what no regex may"],
  ["%ä%", "holds what no regex may"],
  ["a-b:c", "only letters, digits and _ go without quotes"],
  ["?a b", "a ? beside other terms is ignored"],
  ["[a, b]", "not known here"],
  ['"a\\"b"', "no documented meaning"],
  ["{ $.a = %x% && $.b = %y% && $.c = %z% }", "at most two"],
  ["{ $.a }", "ends too early"],
  ["{ $.a ( 1 }", "is no comparison"],
  ["{ $.a = b", "is missing"],
  ["{ a = b }", "stands where a selector should"],
])("%s is refused: %s", (pattern, words) => {
  expect(() => compilePattern(pattern)).toThrow(words);
});
