import type { PbxProfile, PhoneProfile, RegistrationProfile, TrunkProfile } from "../../profile/profile";
import { PhoneTransport, TrunkTransport } from "../../spec/spec";
import { secretName } from "../../secrets/secret-name";
import { asteriskFile, when } from "../file-view";
import type { View } from "../mustache";

/** Endpoints, AORs and credentials. */
export const pjsip = asteriskFile("pjsip.conf", (profile) => ({
  realm: profile.realm,
  algorithm: profile.digest.toUpperCase(),
  silentCallSeconds: profile.timeouts.silentCallSeconds,
  phones: profile.phones.map(phoneView),
  trunks: profile.trunks.map((trunk) => trunkView(trunk, profile)),
}));

/** A phone on the road; the firewall lets it in over TLS alone. */
const anywhere = "0.0.0.0/0";

function phoneView(phone: PhoneProfile): View {
  return {
    name: phone.name,
    number: phone.number,
    user: { ref: secretName.phoneUser(phone.name) },
    digest: { ref: secretName.phoneDigest(phone.name) },
    context: phone.context,
    outsideCallerIds: phone.outsideCallerIds.map(({ trunk, e164 }) => ({ trunk, e164 })),
    srtp: when(phone.transport === PhoneTransport.Tls, () => ({})),
    networks: (phone.networks.length === 0 ? [anywhere] : phone.networks).map((network) => ({ network })),
  };
}

function trunkView(trunk: TrunkProfile, { timeouts }: PbxProfile): View {
  const overTls = when(trunk.transport === TrunkTransport.Tls, () => ({}));
  return {
    name: trunk.name,
    silentCallSeconds: timeouts.silentCallSeconds,
    encrypted: overTls,
    byAddress: when(trunk.registration === undefined, () => ({
      name: trunk.name,
      signalling: trunk.signalling.map((network) => ({ network })),
    })),
    account: trunk.registration === undefined ? [] : [accountView(trunk, trunk.registration)],
    registration: trunk.registration === undefined ? [] : [{ ...registrationView(trunk, trunk.registration), overTls }],
    server: when(trunk.server !== undefined, () => ({ name: trunk.name, server: trunk.server ?? "", overTls })),
  };
}

function accountView({ name, signalling }: TrunkProfile, { user, server }: RegistrationProfile): View {
  return {
    name,
    user,
    domain: server.replace(/:.*$/, ""),
    signalling: signalling.map((network) => ({ network })),
  };
}

function registrationView({ name }: TrunkProfile, { server, user, realm }: RegistrationProfile): View {
  return {
    name,
    server,
    user,
    password: { ref: secretName.trunkPassword(name) },
    realms: realm === undefined ? [] : [{ realm }],
  };
}
