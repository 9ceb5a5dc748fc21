import type { SealedPbxSpec } from "hardened-asterisk/aws";

/** What the PBX is to be. Put your own networks and carrier here. */
export const spec: SealedPbxSpec = {
  country: "DE",
  phones: {
    reception: { number: "101", networks: ["198.51.100.0/24"], mayDial: ["internal", "national", "mobile"] },
    sales: { number: "102", networks: ["198.51.100.0/24"] },
  },
  trunks: {
    carrier: {
      signalling: ["192.0.2.0/28"],
      media: ["192.0.2.128/25"],
      server: "192.0.2.2",
      numbers: { "+493012345678": "reception" },
    },
  },
  limits: { calls: 4, callMinutes: 60 },
};
