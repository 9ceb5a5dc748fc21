/** The Pulumi CLI that is downloaded or built: the last whose SDK runs on Node 20. */
export const PULUMI_VERSION = "3.248.0";

/** The oldest Pulumi 3 that is accepted when it is found on PATH (minor version): the first with hooks for errors, which `AsteriskHost` has. */
export const OLDEST_MINOR = 218;

/** The version of @pulumi/command this package is developed with; its provider has the same. */
export const COMMAND_VERSION = "1.2.1";
