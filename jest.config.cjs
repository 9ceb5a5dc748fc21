const transform = {
  "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } }],
};
const suite = (name, extra = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform,
  testEnvironment: "node",
  ...extra,
});
// One project per suite named in CONTRIBUTING: `npx jest --selectProjects unit`.
module.exports = {
  projects: ["unit", "components", "golden", "schema", "engine", "sandbox", "load", "e2e"].map((name) => suite(name)),
};
