import { z } from "zod";
import { knownCarriers } from "./carrier-networks";
import {
  accountField,
  countryField,
  extensionField,
  hostPathField,
  ipv4Networks,
  nameField,
  networkField,
  realmField,
  serverField,
  sipUserField,
  wholeNumber,
} from "./fields";
import { extraPortsField } from "./extra-port-fields";
import { authorityField, certificateField, receiverField, receiverNameField } from "./log-fields";
import { tls } from "./tls-fields";
import { waiversField } from "./waivers";
import { DialClass, DigestAlgorithm, PhoneTransport, TrunkTransport } from "./spec";

const dialClasses = Object.values(DialClass);
const transports = Object.values(PhoneTransport);
const trunkTransports = Object.values(TrunkTransport);
const digests = Object.values(DigestAlgorithm);

const notBuiltYet = (cure: string) =>
  z.unknown().superRefine((value, ctx) => {
    if (value !== undefined && value !== false) ctx.addIssue({ code: "custom", message: `is not built yet; ${cure}` });
  });

const phonesShape =
  'must be a mapping of names to phones, for example { reception: { number: "101", networks: ["198.51.100.0/24"] } }';
const trunksShape =
  'must be a mapping of names to trunks, for example { carrier: { signalling: ["192.0.2.0/28"], server: "192.0.2.2" } }';
const groupsShape =
  'must be a mapping of names to groups, for example { support: { number: "200", phones: [reception, sales] } }';
const numbersShape = 'must be a mapping of numbers to phones or groups, for example { "+81312345678": reception }';
const phoneOfNumber =
  'must be the name of a phone or group, with the number in quotes before it, for example { "+81312345678": reception }';

const phone = z.strictObject(
  {
    number: extensionField,
    networks: ipv4Networks.optional(),
    roaming: z.boolean("must be true or false").optional(),
    transport: z.enum(transports, `must be one of ${transports.join(", ")}`).optional(),
    sipUser: sipUserField.optional(),
    mayDial: z
      .array(
        z.enum(dialClasses, `must be one of ${dialClasses.join(", ")}`),
        "must be a list, for example [internal, national]",
      )
      .optional(),
    generation: wholeNumber(1, 1_000_000).optional(),
  },
  'must be a mapping, for example { number: "101", networks: ["198.51.100.0/24"] }',
);

const group = z.strictObject(
  {
    number: extensionField,
    phones: z
      .array(z.string("must be the name of a phone"), "must be a list of phones, for example [reception, sales]")
      .min(1, "must list at least one phone")
      .max(50, "must list at most 50 phones"),
  },
  'must be a mapping, for example { number: "200", phones: [reception, sales] }',
);

const register = z.strictObject(
  { server: serverField, user: accountField, realm: realmField.optional() },
  'must be a mapping, for example { server: "192.0.2.2", user: "0312345678" }',
);

const trunk = z.strictObject(
  {
    carrier: z
      .enum(knownCarriers, `must be one of ${knownCarriers.join(", ")}; for another, list its networks`)
      .optional(),
    regions: z
      .array(z.string("must be the name of a region"), "must be a list of regions")
      .min(1, "must list at least one region; leave it out for all")
      .max(30, "must list at most 30 regions")
      .optional(),
    signalling: ipv4Networks,
    media: ipv4Networks.optional(),
    server: serverField.optional(),
    register: register.optional(),
    transport: z.enum(trunkTransports, `must be one of ${trunkTransports.join(", ")}`).optional(),
    ca: hostPathField.optional(),
    numbers: z.record(z.string(), z.string(phoneOfNumber), numbersShape).optional(),
  },
  'must be a mapping, for example { signalling: ["192.0.2.0/28"], server: "192.0.2.2" }',
);

const limits = z.strictObject(
  {
    calls: wholeNumber(1, 500).optional(),
    callMinutes: wholeNumber(1, 1440).optional(),
    phoneCalls: wholeNumber(1, 100).optional(),
    dailyMinutes: notBuiltYet("remove it and bound the day with your carrier's own cap").optional(),
  },
  "must be a mapping, for example { calls: 4, callMinutes: 60 }",
);

const logs = z.strictObject(
  {
    server: receiverField,
    name: receiverNameField,
    ca: authorityField,
    clientCertificate: certificateField.optional(),
  },
  'must be a mapping with server, name and ca, for example { server: "192.0.2.50:6514", name: "logs.example.net", ca: … }',
);

const countries = z
  .array(countryField, 'must be a list of countries, for example ["JP", "DE"]')
  .min(1, "must list at least one country; leave it out otherwise")
  .max(250, "must list at most 250 countries")
  .optional();

const firewall = z.strictObject(
  {
    feeds: z
      .array(nameField, "must be a list of names, for example [spamhaus-drop]")
      .min(1, "must list at least one feed; leave it out otherwise")
      .max(5, "must list at most 5 feeds; join them into fewer files")
      .optional(),
    allowCountries: countries,
    blockCountries: countries,
  },
  "must be a mapping, for example { feeds: [spamhaus-drop], allowCountries: [JP] }",
);

/** The spec's shape, field by field; what concerns several fields at once is judged by `parseSpec`. */
export const pbxSchema = z.strictObject(
  {
    country: countryField,
    admins: z
      .array(networkField("any", 0), 'must be a list of networks, for example ["198.51.100.7/32"]')
      .min(1, "must list at least one network, else nobody could reach the host over SSH")
      .max(100, "must list at most 100 networks; join neighbours into larger ones"),
    phones: z
      .record(nameField, phone, phonesShape)
      .refine((phones) => Object.keys(phones).length > 0, "must name at least one phone"),
    groups: z.record(nameField, group, groupsShape).optional(),
    trunks: z
      .record(nameField, trunk, trunksShape)
      .refine((trunks) => Object.keys(trunks).length <= 20, "must name at most 20 trunks")
      .optional(),
    outbound: z
      .array(z.string("must be the name of a trunk"), "must be a list of trunks, for example [carrier, reserve]")
      .min(1, "must list at least one trunk; leave it out for all")
      .max(20, "must list at most 20 trunks")
      .optional(),
    limits: limits.optional(),
    tls: tls.optional(),
    logs: logs.optional(),
    firewall: firewall.optional(),
    extraPorts: extraPortsField.optional(),
    digest: z.enum(digests, `must be one of ${digests.join(", ")}`).optional(),
    waivers: waiversField.optional(),
    sshPort: wholeNumber(1, 65535).optional(),
    rollbackSeconds: wholeNumber(30, 3600).optional(),
    restartWithCalls: z.boolean("must be true or false").optional(),
    endCalls: z.boolean("must be true or false").optional(),
  },
  "must be a mapping with country, admins and phones",
);

const noSsh = (cure: string) =>
  z.undefined({ error: `does not go with a machine that nobody logs into over SSH; ${cure}` }).optional();

/** The shape of the spec of a machine without SSH. */
export const sealedPbxSchema = pbxSchema.extend({
  admins: noSsh("remove it, sessions are opened through AWS Systems Manager"),
  sshPort: noSsh("remove it"),
});
