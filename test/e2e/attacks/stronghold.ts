import type { PhoneCard } from "../../../components/asterisk-host-args";
import type { PbxSpec } from "../../../core/spec/spec";
import type { Sandbox } from "../../../sandbox/sandbox";
import { Installation, type InstallationOptions } from "../../../tools/operator/installation";
import type { Phone } from "../peers/phone";

/** A hardened host with its owner: the sandbox it stands in, the phones that were started, and the way a configuration gets there. */
export interface Stronghold {
  readonly sandbox: Sandbox;
  readonly phones: ReadonlyMap<string, Phone>;
  /** Whether its admin logs in over SSH. */
  readonly ssh: boolean;
  /** Brings a configuration into effect; gives the credentials of its phones. */
  configure(spec: PbxSpec): Promise<Readonly<Record<string, PhoneCard>>>;
  /** Starts a phone in the office and waits until the PBX accepts it. */
  register(phone: string): Promise<Phone>;
  /** Ends the phones; the host stays. */
  hangUp(): Promise<void>;
}

/** A way to have one. */
export interface Strongholds {
  /** Boots one without a configuration. */
  open(options: InstallationOptions): Promise<Stronghold>;
  /** Removes all that one of that name left. */
  remove(name: string): Promise<void>;
}

/** A machine that its owner reaches over SSH. */
export const overSsh: Strongholds = {
  open: async (options) => {
    const pbx = await Installation.open(options);
    const { sandbox, phones } = pbx;
    return {
      sandbox,
      phones,
      ssh: true,
      configure: async (spec) => {
        pbx.stack.setSpec(spec);
        await pbx.stack.up();
        return pbx.stack.output<Record<string, PhoneCard>>("credentials");
      },
      register: (phone) => pbx.register(phone),
      hangUp: () => pbx.hangUp(),
    };
  },
  remove: (name) => Installation.remove(name),
};
