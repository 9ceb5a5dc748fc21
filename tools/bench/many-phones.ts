import type { PbxSpec } from "../../core/spec/spec";

/** A company of `count` phones, 250 to a network, of which every tenth may dial outside and has a number of its own. */
export function manyPhones(count: number): PbxSpec {
  const indices = Array.from({ length: count }, (_, index) => index);
  const network = (index: number) => {
    const block = Math.floor(index / 250);
    return `10.${Math.floor(block / 256)}.${block % 256}.0/24`;
  };
  const phone = (index: number): PbxSpec["phones"][string] => ({
    number: String(100_000 + index),
    networks: [network(index)],
    ...(index % 10 === 0 ? { mayDial: ["internal", "national"] } : {}),
  });
  const own = indices
    .filter((index) => index % 10 === 0)
    .map((index) => [`+8131${1_000_000 + index}`, `phone-${index}`]);
  return {
    country: "JP",
    admins: ["198.51.100.7/32"],
    phones: Object.fromEntries(indices.map((index) => [`phone-${index}`, phone(index)])),
    trunks: {
      carrier: {
        signalling: ["192.0.2.0/28"],
        server: "192.0.2.2",
        numbers: Object.fromEntries(own) as Record<string, string>,
      },
    },
  };
}
