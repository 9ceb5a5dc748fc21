// The stack under test imports the built package, as its users do: a test must not run on yesterday's build.
const { execFileSync } = require("node:child_process");
const path = require("node:path");

module.exports = () => execFileSync(process.execPath, [path.join(__dirname, "../build.mjs")], { stdio: "inherit" });
