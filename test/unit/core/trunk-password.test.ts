import { trunkPassword } from "../../../core/secrets/trunk-password";

test.each(["a", "A9._:+/=@-", "x".repeat(256)])("takes %s as it is", (password) => {
  expect(trunkPassword({ carrier: password }, "carrier")).toBe(password);
});

test.each(["", "two words", "semi;colon", "line\nbreak", "hash#", "umlaut\u00e4", "${EXTEN}", "x".repeat(257)])(
  "refuses %j with the cure and without repeating it",
  (password) => {
    const refused = () => trunkPassword({ carrier: password }, "carrier");
    expect(refused).toThrow(/^trunkPasswords\.carrier: holds a character other than .*have the carrier give/);
    if (password.length > 1) expect(refused).not.toThrow(password);
  },
);

test.each([undefined, {}, { other: "x" }])("asks for a missing one: %j", (passwords) => {
  expect(() => trunkPassword(passwords, "carrier")).toThrow("trunkPasswords.carrier: is missing");
});

test("takes no inherited property for a password", () => {
  expect(() => trunkPassword({}, "constructor")).toThrow("is missing");
});
