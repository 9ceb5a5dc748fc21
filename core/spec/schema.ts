import { z } from "zod";
import {
  extensionField,
  hostPathField,
  ipv4Networks,
  nameField,
  networkField,
  serverField,
  sipUserField,
  wholeNumber,
} from "./fields";
import { DialClass, DigestAlgorithm, PhoneTransport } from "./spec";

const dialClasses = Object.values(DialClass);
const transports = Object.values(PhoneTransport);
const digests = Object.values(DigestAlgorithm);

const notBuiltYet = (cure: string) =>
  z.unknown().superRefine((value, ctx) => {
    if (value !== undefined && value !== false) ctx.addIssue({ code: "custom", message: `is not built yet; ${cure}` });
  });

const phone = z.strictObject({
  number: extensionField,
  networks: ipv4Networks.optional(),
  roaming: z.boolean("must be true or false").optional(),
  transport: z.enum(transports, `must be one of ${transports.join(", ")}`).optional(),
  sipUser: sipUserField.optional(),
  mayDial: z.array(z.enum(dialClasses, `must be one of ${dialClasses.join(", ")}`)).optional(),
  generation: wholeNumber(1, 1_000_000).optional(),
});

const trunk = z.strictObject({
  signalling: ipv4Networks,
  media: ipv4Networks.optional(),
  server: serverField.optional(),
  numbers: z.record(z.string(), z.string("must be the name of a phone")).optional(),
});

const limits = z.strictObject({
  calls: wholeNumber(1, 500).optional(),
  callMinutes: wholeNumber(1, 1440).optional(),
  dailyMinutes: notBuiltYet("remove it and bound the day with your carrier's own cap").optional(),
});

/** The spec's shape, field by field; what concerns several fields at once is judged by `parseSpec`. */
export const pbxSchema = z.strictObject({
  country: z
    .string('must be a two-letter country code such as "JP"')
    .regex(/^[A-Z]{2}$/, 'must be a two-letter country code in capitals, for example "JP"'),
  admins: z
    .array(networkField("any"))
    .min(1, "must list at least one network, else nobody could reach the host over SSH"),
  phones: z.record(nameField, phone).refine((phones) => Object.keys(phones).length > 0, "must name at least one phone"),
  trunks: z.record(nameField, trunk).optional(),
  limits: limits.optional(),
  tls: z.strictObject({ certificate: hostPathField, privateKey: hostPathField }).optional(),
  digest: z.enum(digests, `must be one of ${digests.join(", ")}`).optional(),
  sshPort: wholeNumber(1, 65535).optional(),
  rollbackSeconds: wholeNumber(30, 3600).optional(),
  restartWithCalls: z.boolean("must be true or false").optional(),
});
