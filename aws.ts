export { AwsAsteriskHost } from "./components/aws/asterisk-host";
export type { AwsAsteriskHostArgs } from "./components/aws/asterisk-host-args";
export { DialClass } from "./core/spec/spec";
export type { LimitsSpec, PhoneSpec, SealedPbxSpec, TrunkSpec } from "./core/spec/spec";
