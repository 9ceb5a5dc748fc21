import { AwsAsteriskHost } from "../../components/aws/asterisk-host";
import type { AwsAsteriskHostArgs } from "../../components/aws/asterisk-host-args";
import type { Made } from "../../controls/cloud/cloud-control";
import { madeBy, type Place } from "./made-resources";

/** A small office: two phones in it and a carrier, as in `stacks/aws-minimal`. */
export const office: AwsAsteriskHostArgs = {
  masterSecret: "0123456789abcdef0123456789abcdef",
  asteriskPackage: { url: "https://packages.example.com/asterisk.deb", sha256: "0".repeat(64) },
  pbx: {
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
  },
};

/** Every resource that a host on AWS makes, by default the small office's. */
export function makeOffice(change: Partial<AwsAsteriskHostArgs> = {}): Promise<Made[]> {
  return madeBy(() => new AwsAsteriskHost("pbx", { ...office, ...change }));
}

/** The small office with a remote phone, mails and a budget, so that every type of resource is made that no argument leaves out. */
export function makeFullOffice(change: Partial<AwsAsteriskHostArgs> = {}, place?: Place): Promise<Made[]> {
  const phones = { ...office.pbx.phones, road: { number: "103", roaming: true } };
  const full = { alarmEmails: ["ops@example.net"], monthlyBudgetUsd: 60, tags: { team: "phones" } };
  const args = { ...office, ...full, pbx: { ...office.pbx, phones }, ...change };
  return madeBy(() => new AwsAsteriskHost("pbx", args), place);
}
