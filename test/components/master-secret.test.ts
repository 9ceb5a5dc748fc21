import { activateCommand, deliveryDocument } from "../../components/host-commands";
import { madeWith } from "../../components/master-secret";
import { deriveSecrets, secretsDigest, type SecretValues } from "../../core/secrets/derive-secrets";
import { renderScenario } from "../golden/render-scenario";

const [first, other] = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"] as const;
const { profile } = renderScenario("office");
const digest = "0".repeat(64);

/** The inputs of an activation as a state holds them. */
function inputs(values: SecretValues, master = first): [command: string, document: string] {
  const command = activateCommand(
    { agent: digest, bundle: digest, secrets: secretsDigest(master, values) },
    "0123456789abcdef",
  );
  return [command, deliveryDocument("import os\nprint('{')", Buffer.from("program"), '{"format":1}', values)];
}

test("a state is known to be made with its master secret, and with no other", () => {
  const state = inputs(deriveSecrets(first, profile));
  expect([madeWith(first, ...state), madeWith(other, ...state)]).toEqual([true, false]);
});

test("so is the state of a version that kept no digest of it", () => {
  const earlier = Object.entries(deriveSecrets(first, profile)).filter(([name]) => name !== "master.digest");
  const state = inputs(Object.fromEntries(earlier));
  expect([madeWith(first, ...state), madeWith(other, ...state)]).toEqual([true, false]);
});

test("a state that cannot be read is left to the host to judge", () => {
  const [command, document] = inputs(deriveSecrets(first, profile));
  expect(madeWith(other, "", document)).toBe(true);
  expect(madeWith(other, command, "")).toBe(true);
  expect(madeWith(other, command, document.slice(0, -5))).toBe(true);
});
