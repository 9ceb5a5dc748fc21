import { ensureAsteriskPackage } from "../../../tools/asterisk-build/asterisk-package";
import type { Strongholds } from "../attacks/stronghold";
import { AwsHost } from "./aws-host";
import { AwsOffice } from "./aws-office";

const running = new Map<string, AwsHost>();

/** A machine that takes itself for an instance on AWS: user data makes it, and the delivery document configures it. */
export const onAws: Strongholds = {
  open: async ({ name, spec, progress = () => undefined }) => {
    const [asterisk] = await ensureAsteriskPackage({ progress });
    if (asterisk === undefined) throw new Error("no package of Asterisk was built");
    const host = await AwsHost.open(name, progress);
    running.set(name, host);
    const office = new AwsOffice(host, asterisk, spec);
    await office.arrive();
    return {
      sandbox: host.sandbox,
      phones: office.phones,
      ssh: false,
      configure: async (next) => {
        office.spec = next;
        await office.up();
        return office.cards;
      },
      register: (phone) => office.register(phone),
      hangUp: () => office.hangUp(),
    };
  },
  remove: async (name) => {
    await running.get(name)?.cloud.stop();
    running.delete(name);
    await AwsHost.remove(name);
  },
};
