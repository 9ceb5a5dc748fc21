import { absent } from "./absent";
import type { CloudControl } from "./cloud-control";

/** Every control of the cloud around the host; several may share a row of the scorecard. */
export const cloudControls: readonly CloudControl[] = [...absent];
