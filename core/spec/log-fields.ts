import { X509Certificate } from "node:crypto";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { clipped } from "./structure-issues";

const block = /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]{1,20000}?-----END CERTIFICATE-----/g;
const mostCertificates = 5;

/** The certificates of a PEM text; undefined when it holds none, more than five, or anything else. */
export function certificatesOf(text: string): X509Certificate[] | undefined {
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0 || blocks.length > mostCertificates || text.replace(block, "").trim() !== "")
    return undefined;
  try {
    return blocks.map((pem) => new X509Certificate(pem));
  } catch {
    return undefined;
  }
}

const certificateShape =
  'must be a certificate as PEM text, from "-----BEGIN CERTIFICATE-----" to "-----END CERTIFICATE-----"; in YAML write | behind the key and indent the text below it';

/** One or a few certificates as PEM text. */
export const certificateField = z
  .string(certificateShape)
  .refine((text) => certificatesOf(text) !== undefined, certificateShape);

/** The certificate of a CA as PEM text; one that may not sign others would fit no receiver. */
export const authorityField = certificateField.refine(
  (text) => certificatesOf(text)?.every(({ ca }) => ca) ?? true,
  "must be the certificate of the CA that signed the receiver's, not the receiver's own",
);

/** The name a receiver's certificate bears; no wildcard, so that one machine answers to it. */
export const receiverNameField = z
  .string("must be a quoted text")
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
    'must be the name in the receiver\'s certificate in lower-case letters, for example "logs.example.net"',
  );

/** An IPv4 address with a port, for example `192.0.2.50:6514`. */
export const receiverField = z.string('must be a text such as "192.0.2.50:6514"').superRefine((text, ctx) => {
  const [address = "", port = "", ...rest] = text.split(":");
  const portGood = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
  if (rest.length > 0 || !ipaddr.IPv4.isValidFourPartDecimal(address) || !portGood)
    ctx.addIssue({
      code: "custom",
      message: `"${clipped(text)}" is not an IPv4 address with a port; write for example "192.0.2.50:6514"`,
    });
});
