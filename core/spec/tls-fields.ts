import { z } from "zod";
import { hostPathField } from "./fields";
import { certificateField, certificatesOf } from "./log-fields";
import { clipped } from "./structure-issues";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
// The last label begins with a letter, so that no address passes for a name.
const hostName = new RegExp(`^(?=.{1,253}$)(?:${label}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);
// No query, user, percent sign or quote: the text becomes an argument in a unit file.
const directoryPath = /^\/[A-Za-z0-9._/-]{0,200}$/;

/** A name that leads to the host, in lower-case letters; authorities give certificates to names alone. */
const nameField = z
  .string('must be the name that leads to this host, for example "pbx.example.com"')
  .superRefine((text, ctx) => {
    if (!hostName.test(text))
      ctx.addIssue({
        code: "custom",
        message: `"${clipped(text)}" is not a host name in lower-case letters, and certificates are given to names alone; write the name that leads to this host, for example "pbx.example.com"`,
      });
  });

/** Why a text is not the directory of an ACME server that the host can reach, or undefined when it is. */
function directoryFault(text: string): string | undefined {
  const example = 'write for example "https://acme.example.com/directory"';
  const shown = `"${clipped(text)}"`;
  if (!text.startsWith("https://")) return `${shown} is not an https address; ${example}`;
  const [, host = "", path = ""] = /^https:\/\/([^/]*)(.*)$/.exec(text) ?? [];
  if (/:\d+$/.test(host))
    return `${shown} names a port; the host's firewall lets it reach https at port 443 alone: have the ACME server answer there and leave the port out`;
  if (!hostName.test(host)) return `${shown} does not name a server by its host name in lower-case letters; ${example}`;
  return directoryPath.test(path)
    ? undefined
    : `${shown} has a path with other characters than letters, digits and ._/-; ${example}`;
}

const directoryField = z
  .string('must be a text such as "https://acme.example.com/directory"')
  .superRefine((text, ctx) => {
    const message = directoryFault(text);
    if (message !== undefined) ctx.addIssue({ code: "custom", message });
  });

const emailField = z
  .string('must be a text such as "you@example.com"')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@(?=.{1,253}$)(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}$/i,
    'must be an address for e-mail such as "you@example.com"',
  );

const acme = z.strictObject(
  {
    name: nameField,
    agreeToTerms: z.literal(
      true,
      "must be true; read the terms of the certificate authority (for Let's Encrypt https://letsencrypt.org/repository/) and agree to them, or leave acme out",
    ),
    directory: directoryField.optional(),
    email: emailField.optional(),
    ca: certificateField
      .refine(
        (text) => certificatesOf(text)?.every(({ ca }) => ca) ?? true,
        "must be certificates of CAs, not the ACME server's own",
      )
      .optional(),
  },
  'must be a mapping with name and agreeToTerms, for example { name: "pbx.example.com", agreeToTerms: true }',
);

/** The certificate that phones and carriers see. */
export const tls = z.strictObject(
  { certificate: hostPathField.optional(), privateKey: hostPathField.optional(), acme: acme.optional() },
  "must be a mapping with certificate and privateKey, or with acme",
);
