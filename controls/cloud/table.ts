import { absent } from "./absent";
import type { CloudControl } from "./cloud-control";
import { deliveryControls } from "./delivery";
import { imageControls } from "./image";
import { evidenceControls } from "./evidence";
import { keyAndBackupControls } from "./keys-and-backups";
import { machineControls } from "./machine";
import { groupControls, networkControls } from "./network";

/** Every control of the cloud around the host; several may share a row of the scorecard. */
export const cloudControls: readonly CloudControl[] = [
  ...machineControls,
  ...imageControls,
  ...networkControls,
  ...groupControls,
  ...keyAndBackupControls,
  ...deliveryControls,
  ...evidenceControls,
  ...absent,
];
