import { isObject, plain, type Properties } from "../rpc/properties";
import type { SimulatedState } from "./values";

const association = "aws:ec2/eipAssociation:EipAssociation";
const networkInterface = "aws:ec2/networkInterface:NetworkInterface";
const instance = "aws:ec2/instance:Instance";

/** What the Elastic IPs of the account are associated with, as EC2 tells it. */
export class ElasticIps {
  /** Interfaces by the id of the association. */
  private readonly associations = new Map<string, { allocationId: string; networkInterfaceId: string }>();
  private readonly interfaces = new Map<string, Properties>();
  /** Instances by their interface. */
  private readonly instances = new Map<string, string>();

  /** Takes note of a resource that is made; an address that is associated already moves, as EC2's AllowReassociation lets it. */
  made(type: string, { id, outputs }: SimulatedState): void {
    if (type === networkInterface) this.interfaces.set(id, (plain(outputs["tags"]) ?? {}) as Properties);
    if (type === instance) this.instances.set(interfaceOf(outputs), id);
    if (type !== association) return;
    const allocationId = String(plain(outputs["allocationId"]));
    for (const [other, { allocationId: moved }] of this.associations)
      if (moved === allocationId) this.associations.delete(other);
    this.associations.set(id, { allocationId, networkInterfaceId: String(plain(outputs["networkInterfaceId"])) });
  }

  /** Takes note of a resource that is removed. */
  removed(type: string, id: string, state: Properties): void {
    if (type === networkInterface) this.interfaces.delete(id);
    if (type === instance) this.instances.delete(interfaceOf(state));
    if (type === association) this.associations.delete(id);
  }

  /** What EC2 tells of an address beside itself; nothing where it is not associated. */
  serving(allocationId: string): Properties {
    const found = [...this.associations].find(([, one]) => one.allocationId === allocationId);
    if (found === undefined) return {};
    const [associationId, { networkInterfaceId }] = found;
    return { associationId, networkInterfaceId, instanceId: this.instances.get(networkInterfaceId) ?? "" };
  }

  /** Tags of an interface; none for one that is not of a stack of the simulation. */
  tagsOf(id: string): Properties {
    return this.interfaces.get(id) ?? {};
  }
}

function interfaceOf(state: Properties): string {
  const primary = plain(state["primaryNetworkInterface"]);
  return isObject(primary) ? String(plain(primary["networkInterfaceId"])) : "";
}
