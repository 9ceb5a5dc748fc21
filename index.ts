export { AsteriskHost } from "./components/asterisk-host";
export type {
  AsteriskHostArgs,
  AsteriskHostConnectionArgs,
  AsteriskHostProxyArgs,
  PhoneCard,
} from "./components/asterisk-host-args";
export type { AsteriskPackageArgs } from "./components/asterisk-package";
export { readSpecFile } from "./components/read-spec-file";
export { HostOs } from "./core/platform/platforms";
export { DialClass } from "./core/spec/spec";
export type { LimitsSpec, PbxSpec, PhoneSpec, TrunkSpec } from "./core/spec/spec";
export type { HostReceipt, ReceiptAction, ReceiptProbe } from "./components/host-receipt";
