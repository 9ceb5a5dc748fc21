import { plain, type Properties } from "../rpc/properties";
import type { SimulatedState } from "./values";

const volume = "aws:ebs/volume:Volume";
const attachment = "aws:ec2/volumeAttachment:VolumeAttachment";

/** A disk, or a copy of one: `content` stands for all that is on it. */
interface Disk {
  readonly content: string;
  readonly gigabytes: number;
}

/** EBS volumes and snapshots of the account, by what is on them. */
export class EbsVolumes {
  private readonly volumes = new Map<string, Disk>();
  private readonly snapshots = new Map<string, Disk & { readonly state: "completed" | "pending" }>();
  /** Instances by their volume. */
  private readonly attached = new Map<string, string>();

  /** @throws Error for what EC2 refuses to make a volume from. */
  check(type: string, inputs: Properties): void {
    const id = plain(inputs["snapshotId"]);
    if (type !== volume || typeof id !== "string") return;
    const { gigabytes, state } = this.found(id);
    if (state === "pending") throw new Error(`IncorrectState: Snapshot is in invalid state - pending`);
    if (Number(plain(inputs["size"])) < gigabytes)
      throw new Error(
        `InvalidParameterValue: Volume of ${String(plain(inputs["size"]))}GiB is smaller than snapshot '${id}'`,
      );
  }

  /** Takes note of a resource that is made; a volume begins blank, or with what its snapshot holds. */
  made(type: string, { id, outputs }: SimulatedState): void {
    if (type === attachment)
      this.attached.set(String(plain(outputs["volumeId"])), String(plain(outputs["instanceId"])));
    if (type !== volume) return;
    const from = plain(outputs["snapshotId"]);
    const content = typeof from === "string" ? (this.snapshots.get(from)?.content ?? "") : "";
    this.volumes.set(id, { content, gigabytes: Number(plain(outputs["size"])) });
  }

  /** Takes note of a resource that is removed; a volume may leave a last snapshot. */
  removed(type: string, id: string, state: Properties): void {
    if (type === attachment) this.attached.delete(String(plain(state["volumeId"])));
    if (type !== volume) return;
    // A volume of an imported state is none that was made here.
    if (plain(state["finalSnapshot"]) === true && this.volumes.has(id)) this.snapshot(id);
    this.volumes.delete(id);
  }

  /** What the machine writes to its data volume. @throws Error for a machine without one. */
  write(instanceId: string, content: string): void {
    const id = this.volumeOf(instanceId);
    this.volumes.set(id, { gigabytes: this.volumes.get(id)?.gigabytes ?? 0, content });
  }

  /** What the machine finds on its data volume. @throws Error for a machine without one. */
  read(instanceId: string): string {
    return this.volumes.get(this.volumeOf(instanceId))?.content ?? "";
  }

  /** Copies the machine's data volume, as AWS Backup does at night, and gives the snapshot's id. */
  backUp(instanceId: string, state: "completed" | "pending" = "completed"): string {
    return this.snapshot(this.volumeOf(instanceId), state);
  }

  /** The snapshot expires. */
  expire(id: string): void {
    this.snapshots.delete(id);
  }

  /** What holds this, of the snapshots that are there. */
  snapshotsOf(content: string): string[] {
    return [...this.snapshots].filter(([, disk]) => disk.content === content).map(([id]) => id);
  }

  /** What EC2 tells of a snapshot. @throws Error for one that is not there. */
  facts(id: string): Properties {
    const { gigabytes, state } = this.found(id);
    return { id, snapshotId: id, volumeSize: gigabytes, state, encrypted: true, storageTier: "standard" };
  }

  private snapshot(volumeId: string, state: "completed" | "pending" = "completed"): string {
    const id = `snap-${String(this.snapshots.size + 1).padStart(17, "0")}`;
    const disk = this.volumes.get(volumeId);
    if (disk === undefined) throw new Error(`InvalidVolume.NotFound: ${volumeId}`);
    this.snapshots.set(id, { ...disk, state });
    return id;
  }

  private found(id: string) {
    const snapshot = this.snapshots.get(id);
    if (snapshot === undefined) throw new Error(`InvalidSnapshot.NotFound: The snapshot '${id}' does not exist.`);
    return snapshot;
  }

  private volumeOf(instanceId: string): string {
    const id = [...this.attached].find(([, instance]) => instance === instanceId)?.[0];
    if (id === undefined) throw new Error(`${instanceId} has no data volume`);
    return id;
  }
}
